// Whether the server answers. Every request reports here; once one fails, a probe asks /health/live until it answers again.
import { backoffDelay } from '../shared/backoff';

let reachable = true;
let probe: ReturnType<typeof setTimeout> | null = null;
let attempt = 0;
const listeners = new Set<() => void>();

export function isReachable(): boolean {
  return reachable;
}

export function subscribeReachable(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function reportReachable(): void {
  attempt = 0;
  if (probe !== null) {
    clearTimeout(probe);
    probe = null;
  }
  set(true);
}

export function reportUnreachable(): void {
  set(false);
  if (probe === null) {
    probe = setTimeout(() => void ask(), backoffDelay(attempt++));
  }
}

/** Asks at once instead of waiting for the next probe. */
export async function ask(): Promise<void> {
  if (probe !== null) {
    clearTimeout(probe);
    probe = null;
  }
  try {
    await fetch('/health/live', { cache: 'no-store' });
    reportReachable();
  } catch {
    reportUnreachable();
  }
}

function set(value: boolean): void {
  if (reachable !== value) {
    reachable = value;
    listeners.forEach((listener) => listener());
  }
}
