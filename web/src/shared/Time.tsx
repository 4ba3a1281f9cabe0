import { useI18n } from '../i18n';
import { formatInstant, formatUtc } from './time';

/** An instant in the local zone; UTC in the tooltip. */
export function Time({ value }: { value: string }) {
  const { locale } = useI18n();
  return <time className="nowrap" dateTime={value} title={formatUtc(value)}>{formatInstant(value, locale)}</time>;
}
