import type { JobQueue } from '../api/types';

export interface QueueReading {
  at: string;
  items: JobQueue[];
}

/** Jobs ended per minute by type, from two readings; null where one reading is missing or the server started in between. */
export function ratesBetween(before: QueueReading | null, now: QueueReading): Record<string, number | null> {
  const minutes = before === null ? 0 : (Date.parse(now.at) - Date.parse(before.at)) / 60_000;
  const earlier = new Map(before?.items.map((queue) => [queue.type, queue.ended]));
  return Object.fromEntries(now.items.map((queue) => {
    const then = earlier.get(queue.type);
    return [queue.type, then === undefined || minutes <= 0 || queue.ended < then ? null : (queue.ended - then) / minutes];
  }));
}

/** A duration for people: two figures are enough. */
export function shortDuration(seconds: number | null | undefined, locale: string): string {
  if (seconds === null || seconds === undefined) {
    return '–';
  }
  const [value, unit] = seconds < 1 ? [seconds * 1000, 'millisecond']
    : seconds < 120 ? [seconds, 'second']
    : seconds < 7200 ? [seconds / 60, 'minute']
    : seconds < 172_800 ? [seconds / 3600, 'hour'] : [seconds / 86_400, 'day'];
  return new Intl.NumberFormat(locale, {
    style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 && unit !== 'millisecond' ? 1 : 0,
  }).format(value);
}
