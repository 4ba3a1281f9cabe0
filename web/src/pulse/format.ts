export interface PulseFormats {
  count: (value: number) => string;
  /** Grouped digits as long as a tile can hold them. */
  total: (value: number) => string;
  rate: (value: number) => string;
  milliseconds: (value: number) => string;
  ratio: (value: number) => string;
  percent: (value: number) => string;
  bytes: (value: number) => string;
}

export function pulseFormats(locale: string): PulseFormats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const two = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const ms = locale.startsWith('ru') ? 'мс' : 'ms';
  const [mega, giga] = locale.startsWith('ru') ? ['МБ', 'ГБ'] : ['MB', 'GB'];
  return {
    count: (value) => whole.format(value),
    total: (value) => (value < 1_000_000_000 ? whole : compact).format(value),
    rate: (value) => (value >= 100_000 ? compact.format(value) : value >= 10 || value === 0 ? whole.format(value) : one.format(value)),
    milliseconds: (value) => `${value >= 100 ? whole.format(value) : value >= 10 ? one.format(value) : two.format(value)}\u00a0${ms}`,
    ratio: (value) => `${two.format(value * 100)}\u00a0%`,
    percent: (value) => `${whole.format(value)}\u00a0%`,
    bytes: (value) =>
      value >= 1024 ** 3 ? `${two.format(value / 1024 ** 3)}\u00a0${giga}` : `${whole.format(value / 1024 ** 2)}\u00a0${mega}`,
  };
}
