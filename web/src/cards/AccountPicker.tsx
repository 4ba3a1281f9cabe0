import { Group, Loader, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { api } from '../api/client';
import type { Account } from '../api/types';
import { useI18n } from '../i18n';
import { Money } from '../shared/Money';

interface AccountPickerProps {
  label: string;
  value: string | null;
  onChange: (accountId: string | null, account: Account | null) => void;
  currency?: string | null;
  placeholder?: string;
  description?: string | undefined;
  error?: ReactNode;
  clearable?: boolean;
  required?: boolean;
}

const pageSize = 20;

/** Searches accounts on the server as one types; the chosen one is asked for by id when it is not among the found. */
export function AccountPicker({ value, onChange, currency, placeholder, ...rest }: AccountPickerProps) {
  const { t } = useI18n();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<Account[]>([]);
  const [chosen, setChosen] = useState<Account | null>(null);
  const [busy, setBusy] = useState(false);
  const query = chosen !== null && search === chosen.name ? '' : search;
  const [debounced] = useDebouncedValue(query, 250);

  useEffect(() => {
    const abort = new AbortController();
    setBusy(true);
    api.accounts({ q: debounced, currency, limit: pageSize }, abort.signal).then(
      (page) => {
        setFound(page.items);
        setBusy(false);
      },
      () => !abort.signal.aborted && setBusy(false),
    );
    return () => abort.abort();
  }, [debounced, currency]);

  useEffect(() => {
    if (value === null) {
      setChosen(null);
      return;
    }
    if (chosen?.id === value) {
      return;
    }
    const abort = new AbortController();
    api.account(value, abort.signal).then(setChosen, () => {});
    return () => abort.abort();
    // Only a value from outside (a link, the address) needs to be looked up.
  }, [value]);

  const options = useMemo(() => {
    const all = chosen !== null && !found.some((account) => account.id === chosen.id) ? [chosen, ...found] : found;
    return new Map(all.map((account) => [account.id, account]));
  }, [found, chosen]);

  return (
    <Select
      {...rest} searchable value={value} placeholder={placeholder ?? t('post.pickAccount')} nothingFoundMessage={t('post.nothingFound')}
      data={[...options.values()].map((account) => ({ value: account.id, label: account.name }))}
      searchValue={search} onSearchChange={setSearch} filter={({ options: all }) => all}
      rightSection={busy ? <Loader size={14} /> : undefined} maxDropdownHeight={280}
      renderOption={({ option }) => {
        const account = options.get(option.value);
        return (
          <Group justify="space-between" gap="xs" w="100%" wrap="nowrap">
            <Text size="sm" truncate>{option.label}</Text>
            {account && <Text size="xs" c="dimmed"><Money minor={account.balance.availableMinor} currency={account.currency} /></Text>}
          </Group>
        );
      }}
      onChange={(id) => {
        const account = id === null ? null : options.get(id) ?? null;
        setChosen(account);
        onChange(id, account);
      }}
    />
  );
}
