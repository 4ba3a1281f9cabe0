import { describe, expect, it } from 'vitest';
import { AMOUNT_MINOR_MAX, formatMoney, minorToDecimal, parseMoney } from './money';

describe('parseMoney', () => {
  it.each([
    ['0', 'RUB', 0], ['1', 'RUB', 100], ['1.5', 'RUB', 150], ['1,50', 'RUB', 150], ['1 234 567,89', 'RUB', 123456789],
    ['1\u00a0234,5', 'RUB', 123450], ['0.29', 'USD', 29], ['1.10', 'USD', 110], ['4.35', 'USD', 435], ['1.000', 'RUB', 100],
    ['12', 'JPY', 12], ['12.0', 'JPY', 12], ['1.234', 'KWD', 1234], ['1.2345', 'CLF', 12345], ['-3.5', 'RUB', -350], ['-0', 'RUB', 0],
    ['7.', 'RUB', 700], ['90071992547409.91', 'RUB', AMOUNT_MINOR_MAX],
  ])('reads %j %s as %i minor units', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toEqual({ ok: true, minor });
  });

  it.each([
    ['', 'RUB', 'empty'], ['  ', 'RUB', 'empty'], ['abc', 'RUB', 'notANumber'], ['1.2.3', 'RUB', 'notANumber'],
      ['1,2,3', 'RUB', 'notANumber'],
    ['1e3', 'RUB', 'notANumber'], ['.5', 'RUB', 'notANumber'], ['--1', 'RUB', 'notANumber'], ['0x10', 'RUB', 'notANumber'],
    ['1.234', 'RUB', 'tooManyDecimals'], ['1.5', 'JPY', 'tooManyDecimals'], ['1.2345', 'KWD', 'tooManyDecimals'],
    ['90071992547409.92', 'RUB', 'tooLarge'], ['9'.repeat(400), 'RUB', 'tooLarge'],
  ])('refuses %j %s: %s', (text, currency, fault) => {
    expect(parseMoney(text, currency)).toEqual({ ok: false, fault });
  });

  it('gives back what minorToDecimal wrote, for every exponent', () => {
    for (const currency of ['JPY', 'RUB', 'KWD', 'CLF']) {
      for (const minor of [0, 1, 9, 10, 99, 100, 12345, -1, -12345, AMOUNT_MINOR_MAX]) {
        expect(parseMoney(minorToDecimal(minor, currency), currency)).toEqual({ ok: true, minor });
      }
    }
  });
});

describe('formatMoney', () => {
  const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

  it('uses the exponent of the currency', () => {
    expect(formatMoney(123456, 'JPY', 'en-GB')).toContain('123,456');
    expect(formatMoney(123456, 'USD', 'en-GB')).toContain('1,234.56');
    expect(formatMoney(1234567, 'KWD', 'en-GB')).toContain('1,234.567');
    expect(plain(formatMoney(123456789, 'RUB', 'ru-RU'))).toBe('1 234 567,89 ₽');
  });

  it('is exact up to the largest amount', () => {
    expect(formatMoney(AMOUNT_MINOR_MAX, 'USD', 'en-GB', { bare: true })).toBe('90,071,992,547,409.91');
  });

  it('shows the sign on request and survives a code that is none', () => {
    expect(formatMoney(100, 'USD', 'en-GB', { sign: 'exceptZero', bare: true })).toBe('+1.00');
    expect(formatMoney(100, '?', 'en-GB')).toBe('1.00');
  });
});
