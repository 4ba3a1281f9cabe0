import { ActionIcon, Anchor, Badge, Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useParams } from 'react-router';
import { api, ApiError } from '../api/client';
import type { Account } from '../api/types';
import { useI18n } from '../i18n';
import type { MessageKey } from '../i18n/en';
import { maskCard } from '../shared/cardNumber';
import { CopyId } from '../shared/CopyId';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Money } from '../shared/Money';
import { Time } from '../shared/Time';
import { useLoaded } from '../shared/useLoaded';
import { usePages } from '../shared/usePages';
import { useTitle } from '../shared/useTitle';
import { NotFoundPage } from '../shell/NotFoundPage';
import { useSession } from '../shell/session';
import { KindBadge } from './KindBadge';
import { RegisterCardDialog } from './RegisterCardDialog';
import { TransferDrawer } from './TransferDrawer';

export default function AccountPage() {
  const { t } = useI18n();
  const { can } = useSession();
  const accountId = useParams().accountId!;
  const account = useLoaded(accountId, (signal) => api.account(accountId, signal));
  const statement = usePages(accountId, (cursor, signal) => api.statement(accountId, { cursor, limit: 50 }, signal));
  useTitle(account.value?.name ?? t('accounts.title'));
  const reload = () => {
    account.reload();
    statement.reload();
  };

  if (account.value === null && account.error instanceof ApiError && [400, 404].includes(account.error.status)) {
    return <NotFoundPage />;
  }
  return (
    <Stack gap="sm">
      <Anchor component={Link} to="/cards/accounts" size="sm">← {t('accounts.title')}</Anchor>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            {account.value === null ? <Skeleton height={26} width={220} /> : <Title order={1}
              style={{ overflowWrap: 'anywhere' }}>{account.value.name}</Title>}
            {account.value?.flags.includes('frozen') && <Badge variant="outline" color="gray">{t('accounts.flag.frozen')}</Badge>}
          </Group>
          {account.value !== null && (
            <Text size="sm" c="dimmed" component="div">
              {t(`accounts.kind.${account.value.kind}`)}, {account.value.currency}
              {account.value.flags.filter((flag) => flag !== 'frozen').map((flag) => `, ${t(`accounts.flag.${flag}`).toLocaleLowerCase()}`)}
            </Text>
          )}
          <CopyId id={accountId} />
        </div>
        <Group gap="xs">
          <ActionIcon variant="default" size={36} aria-label={t('account.refresh')} title={t('account.refresh')} onClick={reload}>
            <Icon name="refresh" />
          </ActionIcon>
          {can('cards:write') && (
            <Button component={Link} to={`/cards/transfers/new?debit=${accountId}`} leftSection={<Icon name="transfers" size={16} />}>
              {t('account.newTransfer')}
            </Button>
          )}
        </Group>
      </Group>
      {account.error !== null && <LoadError error={account.error} onRetry={account.reload} />}
      <Balances account={account.value} />
      <Cards accountId={accountId} />
      <Title order={2} mt="xs">{t('account.statement')}</Title>
      {statement.error !== null && <LoadError error={statement.error} onRetry={statement.reload} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('account.statement')}>
        {statement.items?.length === 0 ? <EmptyState title={t('account.noEntries')} text={t('account.noEntriesHint')} /> : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('account.time')}</Table.Th>
                <Table.Th>{t('account.counterparty')}</Table.Th>
                <Table.Th>{t('transfers.kind')}</Table.Th>
                <Table.Th>{t('account.reference')}</Table.Th>
                <Table.Th className="number">{t('account.amount')}</Table.Th>
                <Table.Th className="number">{t('account.balanceAfter')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {statement.items === null && statement.error === null && <SkeletonRows columns={6} />}
              {account.value !== null && statement.items?.map((entry) => (
                <Table.Tr key={entry.sequence}>
                  <Table.Td><Link className="row-link" to={`?transfer=${entry.transferId}`}><Time
                    value={entry.postedAt} /></Link></Table.Td>
                  <Table.Td><div className="ellipsis" title={entry.counterpartyName}>{entry.counterpartyName}</div></Table.Td>
                  <Table.Td><KindBadge kind={entry.kind} /></Table.Td>
                  <Table.Td><div className="ellipsis" title={entry.reference ?? undefined}>{entry.reference}</div></Table.Td>
                  <Table.Td className="number">
                    <Money minor={entry.signedAmountMinor} currency={account.value!.currency} sign="exceptZero" />
                  </Table.Td>
                  <Table.Td className="number"><Money minor={entry.balanceAfterMinor} currency={account.value!.currency} /></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={statement} />
      <TransferDrawer onChanged={reload} />
    </Stack>
  );
}

function Balances({ account }: { account: Account | null }) {
  const { t } = useI18n();
  const stats: [MessageKey, number | undefined][] = [
    ['accounts.balance', account?.balance.balanceMinor],
    ['accounts.available', account?.balance.availableMinor],
    ['account.debitsPosted', account?.balance.debitsPostedMinor],
    ['account.creditsPosted', account?.balance.creditsPostedMinor],
    ['account.debitsPending', account?.balance.debitsPendingMinor],
    ['account.creditsPending', account?.balance.creditsPendingMinor],
    ['accounts.overdraft', account?.overdraftLimitMinor],
  ];
  return (
    <dl className="tiles stats" style={{ margin: 0 }}>
      {stats.map(([label, minor], index) => (
        <div className="panel tile" key={label}>
          <dt>{t(label)}</dt>
          <dd style={{ fontSize: index < 2 ? '1.0625rem' : '0.9375rem' }}>
            {account === null || minor === undefined ? <Skeleton height={20} my={4} /> : <Money minor={minor}
              currency={account.currency} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Cards({ accountId }: { accountId: string }) {
  const { t } = useI18n();
  const { can } = useSession();
  const cards = usePages(accountId, (cursor, signal) => api.cards({ accountId, cursor, limit: 50 }, signal));
  const [dialog, { open, close }] = useDisclosure(false);
  return (
    <section className="panel" style={{ padding: '10px 14px' }}>
      <Group justify="space-between" gap="xs">
        <Title order={2}>{t('account.cards')}</Title>
        {can('cards:write') && (
          <Button variant="default" size="compact-sm" leftSection={<Icon name="card" size={14} />}
            onClick={open}>{t('account.registerCard')}</Button>
        )}
      </Group>
      {cards.error !== null && <LoadError error={cards.error} onRetry={cards.reload} />}
      {cards.items?.length === 0 && <Text size="sm" c="dimmed" mt={4}>{t('account.noCards')}</Text>}
      <Group gap="sm" mt={6}>
        {cards.items?.map((card) => (
          <Group key={card.id} gap="sm">
            <span className="mono nowrap">{maskCard(card.bin, card.last4)}</span>
            <Text size="xs" c="dimmed">
              {t('account.expires', { month: String(card.expiryMonth).padStart(2, '0'), year: card.expiryYear })}
            </Text>
          </Group>
        ))}
      </Group>
      {cards.hasMore && <LoadMore list={cards} />}
      <RegisterCardDialog accountId={accountId} opened={dialog} onClose={close} onRegistered={cards.reload} />
    </section>
  );
}
