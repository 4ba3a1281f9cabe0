import { Alert, Anchor, Button, Drawer, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api } from '../api/client';
import type { Transfer } from '../api/types';
import { useI18n } from '../i18n';
import { CopyId } from '../shared/CopyId';
import { DetailRow } from '../shared/DetailRow';
import { LoadError } from '../shared/LoadError';
import { Money } from '../shared/Money';
import { minorToDecimal, parseMoney } from '../shared/money';
import { Time } from '../shared/Time';
import { useLoaded } from '../shared/useLoaded';
import { useProblemText } from '../shared/useProblem';
import { uuidv7 } from '../shared/uuid';
import { useSession } from '../shell/session';
import { KindBadge } from './KindBadge';

/** Opens for the transfer that the address names, so that it can be linked to. */
export function TransferDrawer({ onChanged }: { onChanged: () => void }) {
  const { t } = useI18n();
  const [parameters, setParameters] = useSearchParams();
  const id = parameters.get('transfer');
  const close = () =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      next.delete('transfer');
      return next;
    });
  return (
    <Drawer
      opened={id !== null} onClose={close} position="right" size="md" title={t('nav.transfers')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {id !== null && <Details key={id} id={id} onChanged={onChanged} />}
    </Drawer>
  );
}

function Details({ id, onChanged }: { id: string; onChanged: () => void }) {
  const { t } = useI18n();
  const { can } = useSession();
  const { value: transfer, error, reload } = useLoaded(id, (signal) => api.transfer(id, signal));
  if (error !== null && transfer === null) {
    return <LoadError error={error} onRetry={reload} />;
  }
  if (transfer === null) {
    return <Stack gap="sm">{Array.from({ length: 7 }, (_row, row) => <Skeleton key={row} height={18} />)}</Stack>;
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2}>{t('transfer.title', { sequence: transfer.sequence })}</Title>
        <KindBadge kind={transfer.kind} />
      </Group>
      <Text fz={26} fw={600} lh={1.2}><Money minor={transfer.amountMinor} currency={transfer.currency} /></Text>
      <dl className="details">
        <DetailRow label={t('transfers.debit')}>
          <Anchor component={Link} to={`/cards/accounts/${transfer.debitAccountId}`} inherit>{transfer.debitAccountName}</Anchor>
        </DetailRow>
        <DetailRow label={t('transfers.credit')}>
          <Anchor component={Link} to={`/cards/accounts/${transfer.creditAccountId}`} inherit>{transfer.creditAccountName}</Anchor>
        </DetailRow>
        <DetailRow label={t('transfers.time')}><Time value={transfer.postedAt} /></DetailRow>
        {transfer.occurredAt && <DetailRow label={t('transfer.occurredAt')}><Time value={transfer.occurredAt} /></DetailRow>}
        {transfer.reference && <DetailRow label={t('transfers.reference')}>{transfer.reference}</DetailRow>}
        {transfer.code !== 0 && <DetailRow label={t('transfer.code')}>{transfer.code}</DetailRow>}
        {transfer.pendingId && (
          <DetailRow label={t('transfer.pendingId')}>
            <Anchor component={Link} to={`/cards/transfers?transfer=${transfer.pendingId}`} inherit
              className="mono">{transfer.pendingId}</Anchor>
          </DetailRow>
        )}
        <DetailRow label={t('transfer.id')}><CopyId id={transfer.id} /></DetailRow>
      </dl>
      {transfer.kind === 'pending' && can('cards:write') && <Resolve transfer={transfer} onChanged={onChanged} />}
    </Stack>
  );
}

type Resolution = 'postPending' | 'voidPending';

/** Post or void. Each has one id for as long as the drawer is open, so a second click can't do it twice. */
function Resolve({ transfer, onChanged }: { transfer: Transfer; onChanged: () => void }) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [ids] = useState<Record<Resolution, string>>(() => ({ postPending: uuidv7(), voidPending: uuidv7() }));
  const [amount, setAmount] = useState(() => minorToDecimal(transfer.amountMinor, transfer.currency));
  const [amountError, setAmountError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState<Resolution | null>(null);
  const [done, setDone] = useState<Resolution | null>(null);

  const run = async (kind: Resolution) => {
    const parsed = kind === 'voidPending' ? { ok: true as const, minor: transfer.amountMinor } : parseMoney(amount, transfer.currency);
    setFailure(null);
    setAmountError(parsed.ok ? null : t(`field.money.${parsed.fault}`, { currency: transfer.currency }));
    if (!parsed.ok) {
      return;
    }
    if (parsed.minor <= 0) {
      setAmountError(t('field.money.notPositive'));
      return;
    }
    setBusy(kind);
    try {
      const { debitAccountId, creditAccountId, currency } = transfer;
      await api.postTransfer({ id: ids[kind], debitAccountId, creditAccountId, currency, amountMinor: parsed.minor, kind,
        pendingId: transfer.id });
      setDone(kind);
      notifications.show({
        message: t(kind === 'postPending' ? 'transfer.posted' : 'transfer.voided'),
        closeButtonProps: { 'aria-label': t('app.close') },
      });
      onChanged();
    } catch (error) {
      setFailure(problemText(error));
    } finally {
      setBusy(null);
    }
  };

  if (done !== null) {
    return <Alert color="green" role="status" p="xs">{t(done === 'postPending' ? 'transfer.posted' : 'transfer.voided')}</Alert>;
  }
  return (
    <section className="panel" style={{ padding: 14 }}>
      <Stack gap="xs">
        <Title order={2}>{t('transfer.resolve')}</Title>
        <Text size="sm" c="dimmed">{t('transfer.resolveHint')}</Text>
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <TextInput
          label={`${t('transfer.resolveAmount')}, ${transfer.currency}`} value={amount} error={amountError} inputMode="decimal"
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <Group gap="xs">
          <Button loading={busy === 'postPending'} disabled={busy !== null}
            onClick={() => void run('postPending')}>{t('transfer.postPending')}</Button>
          <Button variant="default" loading={busy === 'voidPending'} disabled={busy !== null} onClick={() => void run('voidPending')}>
            {t('transfer.voidPending')}
          </Button>
        </Group>
      </Stack>
    </section>
  );
}
