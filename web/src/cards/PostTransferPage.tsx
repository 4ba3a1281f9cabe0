import { Alert, Button, Checkbox, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useState, type FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, ApiError, NetworkError } from '../api/client';
import type { Account, TransferResult } from '../api/types';
import { useI18n } from '../i18n';
import { formatMoney } from '../shared/money';
import { fieldErrors, useProblemText } from '../shared/useProblem';
import { useTitle } from '../shared/useTitle';
import { uuidv7 } from '../shared/uuid';
import { AccountPicker } from './AccountPicker';
import { checkTransfer, type TransferField, type TransferForm } from './transferForm';

const blank: TransferForm = { debit: null, credit: null, amount: '', reference: '', pending: false, timeout: '' };

export default function PostTransferPage() {
  const { t } = useI18n();
  useTitle(t('post.title'));
  const [generation, setGeneration] = useState(0);
  return (
    <Stack gap="sm" maw={620}>
      <Title order={1}>{t('post.title')}</Title>
      <PostTransferForm key={generation} onRestart={() => setGeneration((n) => n + 1)} />
    </Stack>
  );
}

type Outcome = { kind: 'none' } | { kind: 'done'; result: TransferResult } | { kind: 'failed'; error: unknown };

function PostTransferForm({ onRestart }: { onRestart: () => void }) {
  const { t, status } = useI18n();
  const [parameters] = useSearchParams();
  // Made once for the form and sent again with every retry: that is what makes a retry safe.
  const [id, setId] = useState(() => uuidv7());
  const [form, setForm] = useState(blank);
  const [errors, setErrors] = useState<Partial<Record<TransferField, string>>>({});
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const [busy, setBusy] = useState(false);
  const set = (changes: Partial<TransferForm>) => setForm((before) => ({ ...before, ...changes }));
  usePreset('debit', parameters.get('debit'), set);
  usePreset('credit', parameters.get('credit'), set);
  const currency = form.debit?.currency ?? form.credit?.currency ?? null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const checked = checkTransfer(id, form);
    if (!checked.ok) {
      setErrors(Object.fromEntries(Object.entries(checked.faults).map(([field, fault]) => [field, t(fault.key, fault.parameters)])));
      return;
    }
    setErrors({});
    setBusy(true);
    try {
      setOutcome({ kind: 'done', result: await api.postTransfer(checked.transfer) });
    } catch (error) {
      setOutcome({ kind: 'failed', error });
      const known = error instanceof ApiError ? status(error.code) : null;
      const fields = fieldErrors(error);
      const only = Object.keys(fields).length === 1;
      // The ledger's own statuses have text in both languages; other messages are shown as the server wrote them.
      setErrors(Object.fromEntries(Object.entries(fields).map(([field, message]) => [field, only && known !== null ? known : message])));
    } finally {
      setBusy(false);
    }
  };

  if (outcome.kind === 'done') {
    return <Done result={outcome.result} onAnother={onRestart} />;
  }
  return (
    <form className="panel" style={{ padding: 18 }} onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        {outcome.kind === 'failed' && <Failure error={outcome.error}
          onNewId={() => { setId(uuidv7()); setOutcome({ kind: 'none' }); setErrors({}); }} />}
        <AccountPicker
          label={t('post.debit')} value={form.debit?.id ?? null} currency={form.credit?.currency ?? null}
            error={errors.debitAccountId} required clearable
          description={form.credit === null ? undefined : t('post.sameCurrency', { currency: form.credit.currency })}
          onChange={(_id, debit) => set({ debit })}
        />
        <AccountPicker
          label={t('post.credit')} value={form.credit?.id ?? null} currency={form.debit?.currency ?? null}
            error={errors.creditAccountId} required clearable
          description={form.debit === null ? undefined : t('post.sameCurrency', { currency: form.debit.currency })}
          onChange={(_id, credit) => set({ credit })}
        />
        <TextInput
          label={currency === null ? t('post.amountNoCurrency') : t('post.amount', { currency })} value={form.amount}
            error={errors.amountMinor}
          required inputMode="decimal" autoComplete="off" onChange={(event) => set({ amount: event.currentTarget.value })}
        />
        <TextInput
          label={t('post.reference')} value={form.reference} error={errors.reference} maxLength={64} autoComplete="off"
          onChange={(event) => set({ reference: event.currentTarget.value })}
        />
        <Checkbox
          label={t('post.pending')} description={t('post.pendingHint')} checked={form.pending}
          onChange={(event) => set({ pending: event.currentTarget.checked })}
        />
        {form.pending && (
          <TextInput
            label={t('post.timeout')} description={t('post.timeoutHint')} value={form.timeout} error={errors.timeoutSeconds} maw={220}
            inputMode="numeric" onChange={(event) => set({ timeout: event.currentTarget.value })}
          />
        )}
        <Text size="xs" c="dimmed">
          {t('post.id')}: <span className="mono">{id}</span><br />{t('post.idHint')}
        </Text>
        <Group>
          <Button type="submit" loading={busy}>
            {outcome.kind === 'failed' ? t('post.retry') : t(form.pending ? 'post.submitPending' : 'post.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Loads the account that a link named. */
function usePreset(side: 'debit' | 'credit', accountId: string | null, set: (changes: Partial<TransferForm>) => void): void {
  useEffect(() => {
    if (accountId === null) {
      return;
    }
    const abort = new AbortController();
    api.account(accountId, abort.signal).then((account: Account) => set({ [side]: account }), () => {});
    return () => abort.abort();
  }, [side, accountId]);
}

function Failure({ error, onNewId }: { error: unknown; onNewId: () => void }) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const busy = error instanceof ApiError && error.status === 503;
  const conflict = error instanceof ApiError && error.status === 409;
  const text = error instanceof NetworkError ? t('post.unknownOutcome')
    : busy && error.retryAfterSeconds !== null ? t('post.busy', { seconds: error.retryAfterSeconds })
      : problemText(error);
  return (
    <Alert color={error instanceof NetworkError || busy ? 'orange' : 'red'} role="alert" p="xs">
      <Text size="sm">{text}</Text>
      {conflict && <Button mt="xs" size="compact-sm" variant="default" onClick={onNewId}>{t('post.newId')}</Button>}
    </Alert>
  );
}

function Done({ result, onAnother }: { result: TransferResult; onAnother: () => void }) {
  const { t, locale } = useI18n();
  const { transfer } = result;
  return (
    <div className="panel" style={{ padding: 18 }} role="status" data-testid="posted">
      <Stack gap="sm">
        <Title order={2}>{t(transfer.kind === 'pending' ? 'post.donePending' : 'post.done')}</Title>
        <Text>
          {t('post.doneText', {
            sequence: transfer.sequence, amount: formatMoney(transfer.amountMinor, transfer.currency, locale),
            debit: transfer.debitAccountName ?? transfer.debitAccountId, credit: transfer.creditAccountName ?? transfer.creditAccountId,
          })}
        </Text>
        {result.status === 'exists' && <Text size="sm" c="dimmed">{t('post.exists')}</Text>}
        <Group gap="xs">
          <Button component={Link} to={`/cards/transfers?transfer=${transfer.id}`}>{t('post.show')}</Button>
          <Button variant="default" onClick={onAnother}>{t('post.another')}</Button>
        </Group>
      </Stack>
    </div>
  );
}
