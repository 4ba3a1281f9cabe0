import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PulseFrame } from '../api/types';
import { PulseConnection, type OpenTransport, type PulseTransport } from './connection';

const frame = { type: 'frame' } as PulseFrame;

class TestTransports {
  readonly opened: PulseTransport[] = [];
  closed = 0;
  send: () => void = () => {};
  fail: () => void = () => {};

  readonly all = Object.fromEntries(
    (['websocket', 'sse', 'polling'] as const).map((name) => [name, this.transport(name)]),
  ) as Record<PulseTransport, OpenTransport>;

  private transport(name: PulseTransport): OpenTransport {
    return (onMessage, onClose) => {
      this.opened.push(name);
      this.send = () => onMessage(frame);
      this.fail = onClose;
      return () => {
        this.closed++;
      };
    };
  }
}

function connect() {
  const transports = new TestTransports();
  const states: string[] = [];
  const connection = new PulseConnection(
    { onMessage: () => {}, onState: (state, transport) => states.push(`${state} ${transport}`) },
    { transports: transports.all, random: () => 1 },
  );
  connection.start();
  return { transports, states, connection };
}

describe('PulseConnection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is live with the first message', () => {
    const { transports, states } = connect();
    transports.send();
    expect(states).toEqual(['connecting websocket', 'live websocket']);
  });

  it('falls back to events and then to polling, waiting longer each time', () => {
    const { transports } = connect();
    const waits = [500, 1000, 2000, 4000, 8000, 15_000];
    for (const wait of waits) {
      const count = transports.opened.length;
      transports.fail();
      vi.advanceTimersByTime(wait - 1);
      expect(transports.opened).toHaveLength(count);
      vi.advanceTimersByTime(1);
      expect(transports.opened).toHaveLength(count + 1);
    }
    expect(transports.opened).toEqual(['websocket', 'websocket', 'websocket', 'sse', 'sse', 'sse', 'polling']);
  });

  it('begins with the WebSocket again after a connection that worked', () => {
    const { transports } = connect();
    transports.fail();
    vi.advanceTimersByTime(500);
    transports.send();
    transports.fail();
    vi.advanceTimersByTime(500);
    expect(transports.opened).toEqual(['websocket', 'websocket', 'websocket']);
  });

  it('takes silence for a dead connection', () => {
    const { transports, states } = connect();
    transports.send();
    vi.advanceTimersByTime(6_000);
    expect(states.at(-1)).toBe('reconnecting websocket');
    expect(transports.closed).toBe(1);
  });

  it('tries at once when it is told to resume, and leaves a live connection alone', () => {
    const { transports, connection } = connect();
    transports.fail();
    connection.resume();
    expect(transports.opened).toHaveLength(2);
    transports.send();
    connection.resume();
    expect(transports.opened).toHaveLength(2);
  });

  it('goes back to the WebSocket after a while on a plainer transport', () => {
    const { transports } = connect();
    for (let i = 0; i < 3; i++) {
      transports.fail();
      vi.advanceTimersByTime(4000);
    }
    expect(transports.opened.at(-1)).toBe('sse');
    for (let second = 0; second <= 60; second++) {
      transports.send();
      vi.advanceTimersByTime(1000);
    }
    expect(transports.opened.at(-1)).toBe('websocket');
  });

  it('stays closed after stop', () => {
    const { transports, connection } = connect();
    transports.fail();
    connection.stop();
    vi.advanceTimersByTime(600_000);
    expect(transports.opened).toHaveLength(1);
  });
});
