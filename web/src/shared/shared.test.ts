import { describe, expect, it } from 'vitest';
import { backoffDelay } from './backoff';
import { isCardNumber, maskCard } from './cardNumber';
import { fromLocalInput, toLocalInput } from './time';
import { uuidv7 } from './uuid';

describe('backoffDelay', () => {
  it('doubles up to the ceiling and keeps half of it fixed', () => {
    const options = { baseMs: 500, maxMs: 15_000 };
    expect([0, 1, 2, 3].map((attempt) => backoffDelay(attempt, () => 1, options))).toEqual([500, 1000, 2000, 4000]);
    expect([0, 1, 2, 3].map((attempt) => backoffDelay(attempt, () => 0, options))).toEqual([250, 500, 1000, 2000]);
    expect(backoffDelay(50, () => 1, options)).toBe(15_000);
    expect(backoffDelay(10_000, () => 0, options)).toBe(7_500);
    expect(backoffDelay(-1, () => 1, options)).toBe(500);
  });
});

describe('uuidv7', () => {
  it('carries the time, the version and the variant', () => {
    expect(uuidv7(0x0123456789ab, new Uint8Array(10).fill(0xff))).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
    expect(uuidv7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts by time', () => {
    expect(uuidv7(1000) < uuidv7(1001)).toBe(true);
  });
});

describe('card numbers', () => {
  it('shows the first six and the last four digits only', () => {
    expect(maskCard('220070', '1234')).toBe('2200 70** **** 1234');
    expect(maskCard('22007012', '1234')).toBe('2200 70** **** 1234');
  });

  it('checks the length and the Luhn digit', () => {
    expect(isCardNumber('4111 1111 1111 1111')).toBe(true);
    expect(isCardNumber('4111 1111 1111 1112')).toBe(false);
    expect(isCardNumber('411111')).toBe(false);
    expect(isCardNumber('')).toBe(false);
  });
});

describe('local time inputs', () => {
  it('give back the instant that they showed', () => {
    expect(fromLocalInput(toLocalInput('2026-03-01T12:34:00.000Z'))).toBe('2026-03-01T12:34:00.000Z');
    expect(toLocalInput('nonsense')).toBe('');
    expect(fromLocalInput('')).toBeNull();
  });
});
