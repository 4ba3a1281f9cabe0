import type { PulseFrame, PulseNow, PulseSnapshot } from '../api/types';

export const seriesNames = [
  'transactionsPerSecond', 'p50Ms', 'p95Ms', 'p99Ms', 'errorRate', 'queueDepth', 'cpuPercent', 'memoryBytes',
] as const;

export type SeriesName = (typeof seriesNames)[number];

type Values = (number | null)[];

/**
 * The last points of every series, one a second, oldest first. The time axis is whole seconds of the server's clock.
 * A second without a frame stays null, so that a chart shows a gap and not a line over something nobody measured.
 */
export class PulseSeries {
  readonly capacity: number;
  readonly times: number[] = [];
  private readonly _values: Record<SeriesName, Values>;

  constructor(capacity = 900) {
    this.capacity = capacity;
    this._values = Object.fromEntries(seriesNames.map((name) => [name, [] as Values])) as Record<SeriesName, Values>;
  }

  get(name: SeriesName): readonly (number | null)[] {
    return this._values[name];
  }

  /** Replaces everything by the server's history. */
  load(snapshot: PulseSnapshot): void {
    this.clear();
    const { history } = snapshot;
    const start = Math.round(Date.parse(history.startedAt) / 1000);
    const count = Math.max(...seriesNames.map((name) => history[name].length));
    for (let i = Math.max(0, count - this.capacity); i < count; i++) {
      this.times.push(start + Math.round(i * history.intervalSeconds));
      for (const name of seriesNames) {
        this._values[name].push(history[name][i] ?? null);
      }
    }
    // The current second may not have reached the history yet.
    const at = Math.round(Date.parse(snapshot.at) / 1000);
    if (count === 0 || at > this.times[this.times.length - 1]!) {
      this.put(at, snapshot.now);
    }
  }

  append(frame: PulseFrame): void {
    this.put(Math.round(Date.parse(frame.at) / 1000), frame.now);
  }

  private put(second: number, now: PulseNow): void {
    const last = this.times[this.times.length - 1];
    if (last !== undefined && second <= last) {
      this.replace(second, now);
      return;
    }
    if (last !== undefined && second - last >= this.capacity) {
      this.clear();
    } else if (last !== undefined) {
      for (let missing = last + 1; missing < second; missing++) {
        this.push(missing, null);
      }
    }
    this.push(second, now);
  }

  private replace(second: number, now: PulseNow): void {
    const index = this.times.lastIndexOf(second);
    if (index >= 0) {
      for (const name of seriesNames) {
        this._values[name][index] = now[name] ?? null;
      }
    }
  }

  private push(second: number, now: PulseNow | null): void {
    this.times.push(second);
    for (const name of seriesNames) {
      this._values[name].push(now?.[name] ?? null);
    }
    if (this.times.length > this.capacity) {
      this.times.shift();
      for (const name of seriesNames) {
        this._values[name].shift();
      }
    }
  }

  private clear(): void {
    this.times.length = 0;
    for (const name of seriesNames) {
      this._values[name].length = 0;
    }
  }
}
