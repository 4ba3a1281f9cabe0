import { createContext, useContext, useSyncExternalStore } from 'react';
import type { PulseCommit, PulseNow } from '../api/types';
import { PulseConnection, type PulseListener, type PulseMessage, type PulseState, type PulseTransport } from './connection';
import { PulseSeries } from './series';

/** What the Pulse page shows, outside of React: a frame wakes only the tiles whose text changed, and the charts draw themselves. */
export class PulseStore implements PulseListener {
  readonly series = new PulseSeries();
  now: PulseNow | null = null;
  recent: readonly PulseCommit[] = [];
  state: PulseState = 'connecting';
  transport: PulseTransport = 'websocket';
  private readonly _listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  };

  onMessage(message: PulseMessage): void {
    if (message.type === 'snapshot') {
      this.series.load(message);
    } else {
      this.series.append(message);
    }
    this.now = message.now;
    if (message.recent[0]?.lastSequence !== this.recent[0]?.lastSequence || message.recent.length !== this.recent.length) {
      this.recent = message.recent;
    }
    this.notify();
  }

  onState(state: PulseState, transport: PulseTransport): void {
    if (state !== this.state || transport !== this.transport) {
      this.state = state;
      this.transport = transport;
      this.notify();
    }
  }

  /** Connects until the returned function is called. */
  run(): () => void {
    const connection = new PulseConnection(this);
    const resume = () => {
      if (document.visibilityState === 'visible') {
        connection.resume();
      }
    };
    document.addEventListener('visibilitychange', resume);
    window.addEventListener('online', resume);
    connection.start();
    return () => {
      document.removeEventListener('visibilitychange', resume);
      window.removeEventListener('online', resume);
      connection.stop();
    };
  }

  private notify(): void {
    this._listeners.forEach((listener) => listener());
  }
}

export const PulseContext = createContext<PulseStore | null>(null);

export function usePulseStore(): PulseStore {
  const store = useContext(PulseContext);
  if (store === null) {
    throw new Error('PulseContext is missing');
  }
  return store;
}

/** Re-renders the caller only when the selected value changes; select something comparable by identity. */
export function usePulse<T>(select: (store: PulseStore) => T): T {
  const store = usePulseStore();
  return useSyncExternalStore(store.subscribe, () => select(store));
}
