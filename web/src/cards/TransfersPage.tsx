import { Button, Collapse, Group, Select, Stack, Table, TextInput, Title } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api } from '../api/client';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Money } from '../shared/Money';
import { minorToDecimal, parseMoney } from '../shared/money';
import { Time } from '../shared/Time';
import { fromLocalInput, toLocalInput } from '../shared/time';
import { usePages } from '../shared/usePages';
import { useTitle } from '../shared/useTitle';
import { useSession } from '../shell/session';
import { AccountPicker } from './AccountPicker';
import { CurrencySelect } from './CurrencySelect';
import { KindBadge } from './KindBadge';
import { TransferDrawer } from './TransferDrawer';

const filterNames = ['accountId', 'kind', 'currency', 'minAmountMinor', 'maxAmountMinor', 'from', 'to'] as const;
type FilterName = (typeof filterNames)[number];
const kinds = ['post', 'pending', 'postPending', 'voidPending', 'expirePending'] as const;

/** The filters live in the address, so that a view can be kept, shared and walked back to. */
function useFilters() {
  const [parameters, setParameters] = useSearchParams();
  const values = Object.fromEntries(filterNames.map((name) => [name, parameters.get(name) ?? ''])) as Record<FilterName, string>;
  const set = (changes: Partial<Record<FilterName, string | null>>) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        if (value) {
          next.set(name, value);
        } else {
          next.delete(name);
        }
      }
      return next;
    }, { replace: true });
  const clear = () => set(Object.fromEntries(filterNames.map((name) => [name, null])));
  return { values, set, clear, any: filterNames.some((name) => values[name] !== ''), parameters };
}

export default function TransfersPage() {
  const { t } = useI18n();
  const { can } = useSession();
  useTitle(t('transfers.title'));
  const filters = useFilters();
  const { values } = filters;
  const list = usePages(JSON.stringify(values), (cursor, signal) => api.transfers({ ...values, cursor, limit: 50 }, signal));
  const [shown, { toggle }] = useDisclosure(filters.any);
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  const newButton = can('cards:write') && (
    <Button component={Link} to="/cards/transfers/new" leftSection={<Icon name="plus" size={16} />}>{t('transfers.new')}</Button>
  );
  const linkTo = (id: string) => {
    const next = new URLSearchParams(filters.parameters);
    next.set('transfer', id);
    return `?${next}`;
  };

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('transfers.title')}</Title>
        <Group gap="xs">
          {!wide && (
            <Button variant="default" leftSection={<Icon name="filter" size={16} />} aria-expanded={shown} onClick={toggle}>
              {t('transfers.filters')}
            </Button>
          )}
          {newButton}
        </Group>
      </Group>
      {wide ? <Filters filters={filters} /> : <Collapse expanded={shown}><Filters filters={filters} /></Collapse>}
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('transfers.title')}>
        {list.items?.length === 0 ? (
          <EmptyState
            title={t(filters.any ? 'transfers.emptyFiltered' : 'transfers.empty')}
            text={t(filters.any ? 'transfers.emptyFilteredHint' : 'transfers.emptyHint')}
          >
            {filters.any ? <Button variant="default" onClick={filters.clear}>{t('transfers.clear')}</Button> : newButton}
          </EmptyState>
        ) : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th className="number">{t('transfers.sequence')}</Table.Th>
                <Table.Th>{t('transfers.time')}</Table.Th>
                <Table.Th>{t('transfers.kind')}</Table.Th>
                <Table.Th>{t('transfers.debit')}</Table.Th>
                <Table.Th>{t('transfers.credit')}</Table.Th>
                <Table.Th className="number">{t('transfers.amount')}</Table.Th>
                <Table.Th>{t('transfers.reference')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items === null && list.error === null && <SkeletonRows columns={7} />}
              {list.items?.map((transfer) => (
                <Table.Tr key={transfer.id}>
                  <Table.Td className="number">
                    <Link className="row-link" to={linkTo(transfer.id)} aria-label={t('transfers.open', { sequence: transfer.sequence })}>
                      {transfer.sequence}
                    </Link>
                  </Table.Td>
                  <Table.Td><Time value={transfer.postedAt} /></Table.Td>
                  <Table.Td><KindBadge kind={transfer.kind} /></Table.Td>
                  <Table.Td><AccountName id={transfer.debitAccountId} name={transfer.debitAccountName} /></Table.Td>
                  <Table.Td><AccountName id={transfer.creditAccountId} name={transfer.creditAccountName} /></Table.Td>
                  <Table.Td className="number"><Money minor={transfer.amountMinor} currency={transfer.currency} /></Table.Td>
                  <Table.Td><div className="ellipsis" title={transfer.reference ?? undefined}>{transfer.reference}</div></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={list} />
      <TransferDrawer onChanged={list.reload} />
    </Stack>
  );
}

function AccountName({ id, name }: { id: string; name: string | null }) {
  return <Link className="row-link ellipsis" style={{ display: 'block' }} title={name ?? id} to={`/cards/accounts/${id}`}>{name ?? id}</Link>;
}

function Filters({ filters }: { filters: ReturnType<typeof useFilters> }) {
  const { t } = useI18n();
  const { values, set } = filters;
  const [currency, setCurrency] = useState(values.currency);
  const clear = () => {
    setCurrency('');
    filters.clear();
  };
  return (
    <div className="filters">
      <AccountPicker
        label={t('transfers.account')} placeholder={t('transfers.anyAccount')} value={values.accountId || null} clearable
        onChange={(accountId) => set({ accountId })}
      />
      <Select
        label={t('transfers.kind')} placeholder={t('transfers.anyKind')} clearable value={values.kind || null}
        data={kinds.map((kind) => ({ value: kind, label: t(`transfers.kind.${kind}`) }))} onChange={(kind) => set({ kind })}
      />
      <CurrencySelect
        label={t('accounts.currency')} placeholder={t('accounts.anyCurrency')} clearable value={currency}
        onChange={(text) => {
          setCurrency(text);
          if (text.length === 3 || text === '') {
            // Minor units mean something else in another currency.
            set({ currency: text, minAmountMinor: null, maxAmountMinor: null });
          }
        }}
      />
      {(['minAmountMinor', 'maxAmountMinor'] as const).map((name) => (
        <AmountFilter
          key={`${name}|${values.currency}|${values[name]}`}
            label={t(name === 'minAmountMinor' ? 'transfers.minAmount' : 'transfers.maxAmount')}
          currency={values.currency} value={values[name]} onChange={(minor) => set({ [name]: minor })}
        />
      ))}
      {(['from', 'to'] as const).map((name) => (
        <TextInput
          key={name} type="datetime-local" label={t(`transfers.${name}`)} value={toLocalInput(values[name] || null)}
          onChange={(event) => set({ [name]: fromLocalInput(event.currentTarget.value) })}
        />
      ))}
      {filters.any && <Button variant="default" onClick={clear} style={{ alignSelf: 'end' }}>{t('transfers.clear')}</Button>}
    </div>
  );
}

interface AmountFilterProps {
  label: string;
  currency: string;
  value: string;
  onChange: (minor: string | null) => void;
}

function AmountFilter({ label, currency, value, onChange }: AmountFilterProps) {
  const { t } = useI18n();
  const [text, setText] = useState(/^\d+$/.test(value) && currency !== '' ? minorToDecimal(Number(value), currency) : '');
  const [error, setError] = useState<string | null>(null);
  const apply = () => {
    const parsed = parseMoney(text, currency);
    if (!parsed.ok && parsed.fault !== 'empty') {
      setError(t(`field.money.${parsed.fault}`, { currency }));
      return;
    }
    setError(null);
    const next = parsed.ok ? String(parsed.minor) : '';
    if (next !== value) {
      onChange(next);
    }
  };
  return (
    <TextInput
      label={label} value={text} error={error} inputMode="decimal" disabled={currency === ''}
      placeholder={currency === '' ? t('transfers.amountNeedsCurrency') : '0'}
        title={currency === '' ? t('transfers.amountNeedsCurrency') : ''}
      onChange={(event) => setText(event.currentTarget.value)} onBlur={apply}
      onKeyDown={(event) => event.key === 'Enter' && apply()}
    />
  );
}
