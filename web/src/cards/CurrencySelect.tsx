import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import { commonCurrencies } from '../shared/money';

interface CurrencySelectProps extends Omit<AutocompleteProps, 'onChange' | 'data' | 'value'> {
  value: string;
  onChange: (currency: string) => void;
}

/** Offers the common currencies and takes any three-letter code; the server knows which ones exist. */
export function CurrencySelect({ value, onChange, ...rest }: CurrencySelectProps) {
  return (
    <Autocomplete
      {...rest} value={value} data={[...commonCurrencies]} maxLength={3} autoComplete="off"
      onChange={(text) => onChange(text.toUpperCase().replace(/[^A-Z]/g, ''))}
    />
  );
}
