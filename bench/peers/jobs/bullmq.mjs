// BullMQ on a Redis that syncs its append-only file at every write.
import { Redis } from "ioredis";
import { Queue, Worker } from "bullmq";
import { announcer, arg, countdown, enqueueRate, pickup, report } from "./measure.mjs";

const connection = { host: "127.0.0.1", port: Number(arg("redis")), maxRetriesPerRequest: null };
const seconds = Number(arg("seconds", 5));
const jobs = Number(arg("jobs", 20000));
const samples = Number(arg("samples", 100));
const name = "BullMQ, AOF always";
const check = new Redis(connection);
const [, fsync] = await check.config("GET", "appendfsync");
if (fsync !== "always") {
  throw new Error(`appendfsync is ${fsync}`);
}

const queue = new Queue("bench", { connection, defaultJobOptions: { removeOnComplete: { count: 1000 }, attempts: 3 } });
const enqueue = await enqueueRate(200, seconds, n => queue.add("noop", { n }));
report(name, "enqueue_200", enqueue.rate);
await queue.obliterate({ force: true });
const from = performance.now();
for (let left = jobs; left > 0; left -= 500) {
  await queue.addBulk(Array.from({ length: Math.min(left, 500) }, (_, n) => ({ name: "noop", data: { n } })));
}
report(name, "enqueue_batches", (jobs * 1000) / (performance.now() - from));

const { finished, hit } = countdown(jobs);
const live = announcer();
const start = performance.now();
const worker = new Worker("bench", async job => (job.name === "ping" ? live.announce() : hit()), { connection, concurrency: 20 });
await finished;
report(name, "process", (jobs * 1000) / (performance.now() - start));
await new Promise(r => setTimeout(r, 1000));
const { p50, p99 } = await pickup(samples, () => queue.add("ping", {}), live.started);
report(name, "pickup_p50_ms", p50);
report(name, "pickup_p99_ms", p99);
await worker.close();
await queue.close();
process.exit(0);
