// graphile-worker on PostgreSQL: as it comes, and tuned as its own documentation says (local queue, batched completion).
import pg from "pg";
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { announcer, arg, countdown, enqueueRate, pickup, report } from "./measure.mjs";

const connectionString = arg("postgres");
const seconds = Number(arg("seconds", 5));
const jobs = Number(arg("jobs", 20000));
const samples = Number(arg("samples", 100));
const logger = new Logger(() => () => {});
const pool = new pg.Pool({ connectionString, max: 30 });
pool.on("error", () => {});
const utils = await makeWorkerUtils({ pgPool: pool, logger });
await utils.migrate();

async function fill(count) {
  for (let left = count; left > 0; left -= 500) {
    await pool.query(
      "select graphile_worker.add_jobs(array(select json_populate_record(null::graphile_worker.job_spec,"
        + " json_build_object('identifier', 'noop', 'payload', json_build_object('n', n))) from generate_series(1, $1) n))",
      [Math.min(left, 500)],
    );
  }
}

async function measure(system, preset, count) {
  const { finished, hit } = countdown(count);
  const live = announcer();
  await fill(count);
  const from = performance.now();
  const runner = await run({
    pgPool: pool,
    logger,
    concurrency: 20,
    noHandleSignals: true,
    taskList: { noop: async () => hit(), ping: async () => live.announce() },
    preset,
  });
  await finished;
  report(system, "process", (count * 1000) / (performance.now() - from));
  await new Promise(r => setTimeout(r, 1000));
  const { p50, p99 } = await pickup(samples, () => utils.addJob("ping", {}), live.started);
  report(system, "pickup_p50_ms", p50);
  report(system, "pickup_p99_ms", p99);
  await runner.stop();
}

const enqueue = await enqueueRate(200, seconds, n => utils.addJob("noop", { n }));
report("graphile-worker", "enqueue_200", enqueue.rate);
await pool.query("truncate graphile_worker._private_jobs");
const from = performance.now();
await fill(jobs);
report("graphile-worker", "enqueue_batches", (jobs * 1000) / (performance.now() - from));
await pool.query("truncate graphile_worker._private_jobs");

await measure("graphile-worker", undefined, Math.ceil(jobs / 4));
await measure("graphile-worker, tuned", {
  worker: { concurrentJobs: 20, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
}, jobs);
await utils.release();
await pool.end();
process.exit(0);
