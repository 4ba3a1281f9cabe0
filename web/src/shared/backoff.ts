export interface BackoffOptions {
  baseMs: number;
  maxMs: number;
}

const defaults: BackoffOptions = { baseMs: 500, maxMs: 15_000 };

/**
 * Exponential backoff with equal jitter: half of the delay is fixed so that a dead server is never hammered, the other half
 * is random so that a thousand browsers do not come back in the same millisecond after a restart.
 */
export function backoffDelay(attempt: number, random: () => number = Math.random, options: BackoffOptions = defaults): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(Math.max(attempt, 0), 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
