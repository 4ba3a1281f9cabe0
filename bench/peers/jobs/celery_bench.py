"""Celery on Redis (append-only file synced at every write), late acknowledgement, two worker processes."""
import json
import os
import signal
import subprocess
import sys
import threading
import time

import redis
from celery import Celery

PORT = int(os.environ["ISKRA_BENCH_REDIS_PORT"])
SECONDS = float(os.environ.get("ISKRA_BENCH_SECONDS", "5"))
JOBS = int(os.environ.get("ISKRA_BENCH_JOBS", "5000"))
SAMPLES = int(os.environ.get("ISKRA_BENCH_SAMPLES", "100"))
NAME = "Celery, AOF always, acks_late"

app = Celery("celery_bench", broker=f"redis://127.0.0.1:{PORT}/1")
app.conf.update(task_acks_late=True, task_ignore_result=True, worker_prefetch_multiplier=4, broker_pool_limit=30)
store = redis.Redis(port=PORT, db=2)


@app.task
def noop(n):
    return None


@app.task
def last():
    store.lpush("last", repr(time.time()))


@app.task
def ping():
    store.lpush("ping", repr(time.time()))


def report(metric, value):
    print(json.dumps({"system": NAME, "metric": metric, "value": value}), flush=True)


def enqueue_rate(callers):
    counts = [0] * callers
    end = time.time() + SECONDS

    def loop(i):
        while time.time() < end:
            noop.delay(i)
            counts[i] += 1

    threads = [threading.Thread(target=loop, args=(i,)) for i in range(callers)]
    start = time.time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.time() - start)


def main():
    assert store.config_get("appendfsync")["appendfsync"] == "always"
    # Threads share one interpreter lock: more callers than this only queue up for it.
    report("enqueue_200", enqueue_rate(20))
    app.control.purge()
    for n in range(JOBS):
        noop.delay(n)
    last.delay()
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_bench", "worker", "--concurrency=2", "--loglevel=ERROR",
         "--without-gossip", "--without-mingle", "--without-heartbeat"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=os.path.dirname(os.path.abspath(__file__)))
    try:
        # From the first job that leaves the queue, so that the start of the worker is not counted.
        while redis.Redis(port=PORT, db=1).llen("celery") > JOBS:
            time.sleep(0.005)
        start = time.time()
        finished = float(store.brpop("last", timeout=120)[1])
        report("process", JOBS / (finished - start))
        time.sleep(1)
        latencies = []
        for _ in range(SAMPLES):
            begin = time.time()
            ping.delay()
            latencies.append((float(store.brpop("ping", timeout=10)[1]) - begin) * 1000)
            time.sleep(0.05)
        latencies.sort()
        report("pickup_p50_ms", latencies[len(latencies) // 2])
        report("pickup_p99_ms", latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))])
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        worker.wait(20)


if __name__ == "__main__":
    main()
