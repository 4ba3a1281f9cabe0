const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(locale, options);
    formatters.set(key, found);
  }
  return found;
}

export function formatInstant(instant: string | Date, locale: string): string {
  return formatter(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));
}

export function formatClock(instant: string | Date, locale: string): string {
  return formatter(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(instant));
}

export function formatUtc(instant: string | Date): string {
  return new Date(instant).toISOString().replace('T', ' ').replace('Z', ' UTC');
}

/** The value that <input type="datetime-local"> wants, in the local zone. */
export function toLocalInput(instant: string | null): string {
  if (instant === null || Number.isNaN(Date.parse(instant))) {
    return '';
  }
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocalInput(value: string): string | null {
  const date = new Date(value);
  return value === '' || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
