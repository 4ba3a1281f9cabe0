import { describe, expect, it } from 'vitest';
import type { JobQueue } from '../api/types';
import { ratesBetween, shortDuration } from './rates';

const queue = (type: string, ended: number) => ({ type, ended }) as JobQueue;

describe('ratesBetween', () => {
  it('is unknown for the first reading', () => {
    expect(ratesBetween(null, { at: '2026-01-01T00:00:00Z', items: [queue('a', 5)] })).toEqual({ a: null });
  });

  it('counts per minute and knows nothing of types that are new or began again', () => {
    const before = { at: '2026-01-01T00:00:00Z', items: [queue('a', 5), queue('b', 9)] };
    const now = { at: '2026-01-01T00:00:30Z', items: [queue('a', 8), queue('b', 1), queue('c', 4)] };
    expect(ratesBetween(before, now)).toEqual({ a: 6, b: null, c: null });
  });
});

describe('shortDuration', () => {
  it('chooses the unit', () => {
    expect(shortDuration(null, 'en')).toBe('–');
    expect(shortDuration(0.25, 'en')).toBe('250 ms');
    expect(shortDuration(1.26, 'en')).toBe('1.3 sec');
    expect(shortDuration(600, 'en')).toBe('10 min');
    expect(shortDuration(10_800, 'en')).toBe('3 hr');
    expect(shortDuration(200_000, 'ru')).toBe('2,3 дн.');
  });
});
