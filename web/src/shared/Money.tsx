import { useI18n } from '../i18n';
import { formatMoney, type MoneyFormatOptions } from './money';

export function Money({ minor, currency, ...options }: { minor: number; currency: string } & MoneyFormatOptions) {
  const { locale } = useI18n();
  return <span className="nowrap">{formatMoney(minor, currency, locale, options)}</span>;
}
