import { api } from '../api/client';
import type { PulseFrame, PulseSnapshot } from '../api/types';
import { backoffDelay } from '../shared/backoff';

export type PulseTransport = 'websocket' | 'sse' | 'polling';
export type PulseState = 'connecting' | 'live' | 'reconnecting';
export type PulseMessage = PulseSnapshot | PulseFrame;

export interface PulseListener {
  onMessage(message: PulseMessage): void;
  onState(state: PulseState, transport: PulseTransport): void;
}

/** One way to get messages. It calls back until it is closed; after onClose it is dead. */
export type OpenTransport = (onMessage: (message: PulseMessage) => void, onClose: () => void) => () => void;

export interface PulseConnectionOptions {
  transports: Record<PulseTransport, OpenTransport>;
  /** Failures in a row before the next, plainer transport is tried. */
  failuresPerTransport: number;
  /** A frame comes every second; silence for this long means that the connection is dead without a close. */
  silenceMs: number;
  /** On a plainer transport the WebSocket is tried again after this long. */
  upgradeMs: number;
  random: () => number;
}

const order: readonly PulseTransport[] = ['websocket', 'sse', 'polling'];
const pollMs = 2_000;

const webSocketTransport: OpenTransport = (onMessage, onClose) => {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/ws/pulse`);
  socket.onmessage = (event) => onMessage(JSON.parse(event.data as string) as PulseMessage);
  socket.onclose = onClose;
  return () => {
    socket.onclose = null;
    socket.onmessage = null;
    // Closing a socket that is still connecting writes an error to the console; let it open first.
    if (socket.readyState === WebSocket.CONNECTING) {
      socket.onopen = () => socket.close();
    } else {
      socket.close();
    }
  };
};

const sseTransport: OpenTransport = (onMessage, onClose) => {
  const source = new EventSource('/v1/dashboards/pulse/stream');
  source.addEventListener('pulse', (event) => onMessage(JSON.parse((event as MessageEvent<string>).data) as PulseMessage));
  source.onerror = () => {
    source.close();
    onClose();
  };
  return () => source.close();
};

const pollingTransport: OpenTransport = (onMessage, onClose) => {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    api.pulse(abort.signal).then(
      (snapshot) => {
        if (!abort.signal.aborted) {
          onMessage(snapshot);
          timer = setTimeout(ask, pollMs);
        }
      },
      () => {
        if (!abort.signal.aborted) {
          onClose();
        }
      },
    );
  };
  ask();
  return () => {
    abort.abort();
    clearTimeout(timer);
  };
};

export const defaultConnectionOptions: PulseConnectionOptions = {
  transports: { websocket: webSocketTransport, sse: sseTransport, polling: pollingTransport },
  failuresPerTransport: 3,
  silenceMs: 6_000,
  upgradeMs: 60_000,
  random: Math.random,
};

/** Keeps one source of pulse messages alive: WebSocket, else server-sent events, else polling. */
export class PulseConnection {
  private readonly _listener: PulseListener;
  private readonly _options: PulseConnectionOptions;
  private _close: (() => void) | null = null;
  private _failures = 0;
  private _transport: PulseTransport = 'websocket';
  private _state: PulseState = 'connecting';
  private _retry: ReturnType<typeof setTimeout> | undefined;
  private _silence: ReturnType<typeof setTimeout> | undefined;
  private _upgrade: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: PulseListener, options: Partial<PulseConnectionOptions> = {}) {
    this._listener = listener;
    this._options = { ...defaultConnectionOptions, ...options };
  }

  start(): void {
    this.open();
  }

  stop(): void {
    this.drop();
    clearTimeout(this._retry);
  }

  /** Tries at once, for example because the page became visible or the network came back. */
  resume(): void {
    if (this._state !== 'live') {
      this.stop();
      this.open();
    }
  }

  private open(): void {
    const step = Math.min(Math.floor(this._failures / this._options.failuresPerTransport), order.length - 1);
    this._transport = order[step]!;
    this.enter(this._failures === 0 && this._state === 'connecting' ? 'connecting' : 'reconnecting');
    this.watchSilence();
    let closed = false;
    const close = this._options.transports[this._transport](
      (message) => this.receive(message),
      () => {
        closed = true;
        this.fail();
      },
    );
    this._close = closed ? null : close;
  }

  private receive(message: PulseMessage): void {
    if (this._state !== 'live') {
      this._failures = 0;
      this.enter('live');
      if (this._transport !== 'websocket') {
        this._upgrade = setTimeout(() => this.upgrade(), this._options.upgradeMs);
      }
    }
    this.watchSilence();
    this._listener.onMessage(message);
  }

  private upgrade(): void {
    this.drop();
    this.enter('reconnecting');
    this.open();
  }

  private fail(): void {
    this.drop();
    this.enter('reconnecting');
    this._retry = setTimeout(() => this.open(), backoffDelay(this._failures, this._options.random));
    this._failures++;
  }

  private drop(): void {
    clearTimeout(this._silence);
    clearTimeout(this._upgrade);
    this._close?.();
    this._close = null;
  }

  private watchSilence(): void {
    clearTimeout(this._silence);
    this._silence = setTimeout(() => this.fail(), this._options.silenceMs);
  }

  private enter(state: PulseState): void {
    this._state = state;
    this._listener.onState(state, this._transport);
  }
}
