import { Badge, Button, Group, Stack, Table, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api } from '../api/client';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { LoadError } from '../shared/LoadError';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { Money } from '../shared/Money';
import { Time } from '../shared/Time';
import { usePages } from '../shared/usePages';
import { useTitle } from '../shared/useTitle';
import { useSession } from '../shell/session';
import { CreateAccountDialog } from './CreateAccountDialog';
import { CurrencySelect } from './CurrencySelect';

export default function AccountsPage() {
  const { t } = useI18n();
  const { can } = useSession();
  useTitle(t('accounts.title'));
  const [parameters, setParameters] = useSearchParams();
  const q = parameters.get('q') ?? '';
  const currency = parameters.get('currency') ?? '';
  const [search, setSearch] = useState(q);
  const [currencyText, setCurrencyText] = useState(currency);
  const [dialog, { open, close }] = useDisclosure(false);
  const list = usePages(`${q}|${currency}`, (cursor, signal) => api.accounts({ q, currency, cursor, limit: 50 }, signal));

  const setFilter = (name: string, value: string) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      if (value === '') {
        next.delete(name);
      } else {
        next.set(name, value);
      }
      return next;
    }, { replace: true });
  const searchLater = useDebouncedCallback((text: string) => setFilter('q', text.trim()), 250);
  const filtered = q !== '' || currency !== '';
  const createButton = can('cards:write') && <Button leftSection={<Icon name="plus" size={16} />}
    onClick={open}>{t('accounts.create')}</Button>;

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('accounts.title')}</Title>
        {createButton}
      </Group>
      <Group gap="xs">
        <TextInput
          type="search" aria-label={t('accounts.search')} placeholder={t('accounts.search')} value={search}
            style={{ flex: '1 1 180px' }} maw={360}
          leftSection={<Icon name="search" size={16} />}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            searchLater(event.currentTarget.value);
          }}
        />
        <CurrencySelect
          aria-label={t('accounts.currency')} placeholder={t('accounts.anyCurrency')} w={150} clearable value={currencyText}
          onChange={(text) => {
            setCurrencyText(text);
            if (text.length === 3 || text === '') {
              setFilter('currency', text);
            }
          }}
        />
      </Group>
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('accounts.title')}>
        {list.items?.length === 0 ? (
          <EmptyState
            title={t(filtered ? 'accounts.emptyFiltered' : 'accounts.empty')}
            text={t(filtered ? 'accounts.emptyFilteredHint' : 'accounts.emptyHint')}
          >
            {!filtered && createButton}
          </EmptyState>
        ) : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('accounts.name')}</Table.Th>
                <Table.Th>{t('accounts.kind')}</Table.Th>
                <Table.Th className="number">{t('accounts.balance')}</Table.Th>
                <Table.Th className="number">{t('accounts.available')}</Table.Th>
                <Table.Th>{t('accounts.created')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items === null && list.error === null && <SkeletonRows columns={5} />}
              {list.items?.map((account) => (
                <Table.Tr key={account.id}>
                  <Table.Td>
                    <Group gap={8} wrap="nowrap">
                      <Link className="row-link ellipsis" title={account.name} to={`/cards/accounts/${account.id}`}>{account.name}</Link>
                      {account.flags.includes('frozen') && <Badge variant="outline" color="gray">{t('accounts.flag.frozen')}</Badge>}
                    </Group>
                  </Table.Td>
                  <Table.Td>{t(`accounts.kind.${account.kind}`)}</Table.Td>
                  <Table.Td className="number"><Money minor={account.balance.balanceMinor} currency={account.currency} /></Table.Td>
                  <Table.Td className="number"><Money minor={account.balance.availableMinor} currency={account.currency} /></Table.Td>
                  <Table.Td><Time value={account.createdAt} /></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={list} />
      <CreateAccountDialog opened={dialog} onClose={close} onCreated={list.reload} />
    </Stack>
  );
}
