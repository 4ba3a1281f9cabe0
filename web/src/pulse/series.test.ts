import { describe, expect, it } from 'vitest';
import type { PulseFrame, PulseNow, PulseSnapshot } from '../api/types';
import { PulseSeries, seriesNames } from './series';

const start = Date.parse('2026-01-01T00:00:00Z');

function now(value: number): PulseNow {
  return {
    transactionsPerSecond: value, requestsPerSecond: value, p50Ms: value, p95Ms: null, p99Ms: null, errorRate: 0, queueDepth: 0,
    queueCapacity: 1, cpuPercent: 0, memoryBytes: 0, transfersTotal: value,
  };
}

function frame(second: number, value: number): PulseFrame {
  return { type: 'frame', at: new Date(start + second * 1000).toISOString(), sequence: second, now: now(value), recent: [] };
}

function snapshot(values: (number | null)[], at = values.length - 1): PulseSnapshot {
  const history = Object.fromEntries(seriesNames.map((name) => [name, values])) as Record<(typeof seriesNames)[number], (number | null)[]>;
  return {
    type: 'snapshot', at: new Date(start + at * 1000).toISOString(), sequence: 0, intervalSeconds: 1, now: now(at), recent: [],
    history: { startedAt: new Date(start).toISOString(), intervalSeconds: 1, ...history },
  };
}

describe('PulseSeries', () => {
  it('takes the history of a snapshot, gaps included', () => {
    const series = new PulseSeries(10);
    series.load(snapshot([1, null, 3]));
    expect(series.get('transactionsPerSecond')).toEqual([1, null, 3]);
    expect(series.times.map((time) => time - start / 1000)).toEqual([0, 1, 2]);
  });

  it('adds the current second when the history does not have it yet', () => {
    const series = new PulseSeries(10);
    series.load(snapshot([1, 2], 2));
    expect(series.get('transactionsPerSecond')).toEqual([1, 2, 2]);
  });

  it('keeps the newest points of a history that is too long', () => {
    const series = new PulseSeries(3);
    series.load(snapshot([1, 2, 3, 4, 5]));
    expect(series.get('p50Ms')).toEqual([3, 4, 5]);
  });

  it('shows missed seconds as a gap', () => {
    const series = new PulseSeries(10);
    series.append(frame(0, 1));
    series.append(frame(3, 4));
    expect(series.get('transactionsPerSecond')).toEqual([1, null, null, 4]);
    expect(series.times).toHaveLength(4);
  });

  it('replaces a second that comes twice and ignores one from before the window', () => {
    const series = new PulseSeries(10);
    series.append(frame(5, 1));
    series.append(frame(5, 2));
    series.append(frame(1, 9));
    expect(series.get('transactionsPerSecond')).toEqual([2]);
  });

  it('never holds more than its capacity', () => {
    const series = new PulseSeries(3);
    for (let second = 0; second < 8; second++) {
      series.append(frame(second, second));
    }
    expect(series.get('transactionsPerSecond')).toEqual([5, 6, 7]);
    series.append(frame(1_000_000, 1));
    expect(series.get('transactionsPerSecond')).toEqual([1]);
    expect(series.times).toHaveLength(1);
  });
});
