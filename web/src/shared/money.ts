// Money is integer minor units everywhere. Text is turned into them digit by digit: a float never touches an amount.

export const AMOUNT_MINOR_MAX = Number.MAX_SAFE_INTEGER;

// ISO 4217 exponents other than 2. Written out because Intl follows CLDR, which shows no decimals for some currencies that have them.
const exponents: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0,
  XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
};

/** Currencies that the forms offer first. */
export const commonCurrencies: readonly string[] = ['RUB', 'USD', 'EUR', 'CNY', 'KZT', 'BYN', 'GBP', 'JPY', 'AED', 'TRY', 'INR', 'KWD'];

export function currencyExponent(currency: string): number {
  return exponents[currency] ?? 2;
}

export type MoneyFault = 'empty' | 'notANumber' | 'tooManyDecimals' | 'tooLarge';

export type ParsedMoney = { ok: true; minor: number } | { ok: false; fault: MoneyFault };

/** Reads an amount in major units ("1 234,5", "1234.50") as minor units of the currency. */
export function parseMoney(text: string, currency: string): ParsedMoney {
  const compact = text.replace(/[\s\u00a0\u202f']/g, '').replace(',', '.');
  if (compact === '') {
    return { ok: false, fault: 'empty' };
  }
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(compact);
  if (match === null) {
    return { ok: false, fault: 'notANumber' };
  }
  const exponent = currencyExponent(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) {
    return { ok: false, fault: 'tooManyDecimals' };
  }
  const minor = BigInt(match[2]! + fraction.padEnd(exponent, '0'));
  if (minor > BigInt(AMOUNT_MINOR_MAX)) {
    return { ok: false, fault: 'tooLarge' };
  }
  const value = Number(minor);
  return { ok: true, minor: match[1] === '-' && value !== 0 ? -value : value };
}

/** Minor units as a plain decimal with a point, for inputs and for Intl (which formats such a string without rounding). */
export function minorToDecimal(minor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const sign = minor < 0 ? '-' : '';
  return exponent === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-exponent)}`;
}

const formatters = new Map<string, Intl.NumberFormat>();

export interface MoneyFormatOptions {
  sign?: 'auto' | 'exceptZero';
  /** Leave the currency out, for columns that name it in their head. */
  bare?: boolean;
}

export function formatMoney(minor: number, currency: string, locale: string, options: MoneyFormatOptions = {}): string {
  const key = `${locale}|${currency}|${options.sign ?? 'auto'}|${options.bare ?? false}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = createFormatter(currency, locale, options);
    formatters.set(key, formatter);
  }
  return formatter.format(minorToDecimal(minor, currency) as Intl.StringNumericLiteral);
}

function createFormatter(currency: string, locale: string, options: MoneyFormatOptions): Intl.NumberFormat {
  const exponent = currencyExponent(currency);
  const format: Intl.NumberFormatOptions = {
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
    signDisplay: options.sign ?? 'auto',
  };
  try {
    return new Intl.NumberFormat(locale, options.bare ? format : { ...format, style: 'currency', currency });
  } catch {
    // A code that is not three letters is the server's business; the number is still worth showing.
    return new Intl.NumberFormat(locale, format);
  }
}
