// What every peer script shares: one result per line of standard output, as JSON.

export const arg = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};

export const report = (system, metric, value) => console.log(JSON.stringify({ system, metric, value }));

/** Jobs a second with `callers` loops, each waiting for its own durable answer, for `seconds`. */
export async function enqueueRate(callers, seconds, enqueue) {
  const from = performance.now();
  const end = from + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) {
        await enqueue(done);
        done++;
      }
    }),
  );
  return { rate: (done * 1000) / (performance.now() - from), done };
}

/** A promise that resolves when `count` jobs have run, and the counter to call from a handler. */
export function countdown(count) {
  let resolve;
  const finished = new Promise(r => (resolve = r));
  let left = count;
  return { finished, hit: () => --left === 0 && resolve() };
}

/** Pick-up latency in ms: one job every 40 to 60 ms on an idle worker, from just before it is enqueued to its handler's start. */
export async function pickup(samples, enqueue, started) {
  const latencies = [];
  for (let i = 0; i < samples; i++) {
    const seen = started();
    const from = performance.now();
    await enqueue();
    latencies.push((await seen) - from);
    await new Promise(r => setTimeout(r, 40 + Math.random() * 20));
  }
  latencies.sort((a, b) => a - b);
  const at = share => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  return { p50: at(0.5), p99: at(0.99) };
}

/** Lets a handler announce the instant it starts to whoever waits for the next one. */
export function announcer() {
  let waiting = () => {};
  return { started: () => new Promise(r => (waiting = r)), announce: () => waiting(performance.now()) };
}
