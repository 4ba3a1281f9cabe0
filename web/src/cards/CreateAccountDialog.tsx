import { Alert, Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { AccountFlag, AccountKind } from '../api/types';
import { useI18n } from '../i18n';
import { parseMoney } from '../shared/money';
import { fieldErrors, useProblemText } from '../shared/useProblem';
import { uuidv7 } from '../shared/uuid';
import { CurrencySelect } from './CurrencySelect';

interface CreateAccountDialogProps {
  opened: boolean;
  onClose: () => void;
  onCreated: () => void;
}

const limitFlags = ['debitsMayNotExceedCredits', 'creditsMayNotExceedDebits'] as const satisfies readonly AccountFlag[];

export function CreateAccountDialog({ opened, onClose, onCreated }: CreateAccountDialogProps) {
  const { t } = useI18n();
  return (
    <Modal opened={opened} onClose={onClose} title={t('accounts.create')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <CreateAccountForm onClose={onClose} onCreated={onCreated} />}
    </Modal>
  );
}

function CreateAccountForm({ onClose, onCreated }: Omit<CreateAccountDialogProps, 'opened'>) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [id] = useState(() => uuidv7());
  const [name, setName] = useState('');
  const [kind, setKind] = useState<AccountKind>('liability');
  const [currency, setCurrency] = useState('RUB');
  const [flags, setFlags] = useState<AccountFlag[]>([]);
  const [overdraft, setOverdraft] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (name.trim() === '') {
      found.name = t('field.required');
    }
    if (currency.length !== 3) {
      found.currency = t('field.required');
    }
    const limit = overdraft.trim() === '' ? { ok: true as const, minor: 0 } : parseMoney(overdraft, currency);
    if (!limit.ok) {
      found.overdraftLimitMinor = t(`field.money.${limit.fault}`, { currency });
    } else if (limit.minor < 0) {
      found.overdraftLimitMinor = t('field.number');
    }
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0 || !limit.ok) {
      return;
    }
    setBusy(true);
    try {
      const account = await api.createAccount({ id, name: name.trim(), kind, currency, flags, overdraftLimitMinor: limit.minor });
      notifications.show({
        message: t('accounts.createdToast', { name: account.name }),
        closeButtonProps: { 'aria-label': t('app.close') },
      });
      onCreated();
      onClose();
    } catch (error) {
      setErrors(fieldErrors(error));
      setFailure(problemText(error));
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <TextInput
          label={t('accounts.name')} value={name} error={errors.name} maxLength={200} required data-autofocus autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>{t('accounts.kind')}</Text>
          <SegmentedControl
            fullWidth aria-label={t('accounts.kind')} value={kind} onChange={(value) => setKind(value as AccountKind)}
            data={[{ value: 'liability', label: t('accounts.kind.liability') }, { value: 'asset', label: t('accounts.kind.asset') }]}
          />
          <Text size="xs" c="dimmed" mt={4}>{t('accounts.kindHint')}</Text>
        </div>
        <Group grow align="flex-start">
          <CurrencySelect label={t('accounts.currency')} value={currency} onChange={setCurrency} error={errors.currency} required />
          <TextInput
            label={t('accounts.overdraft')} value={overdraft} placeholder="0" inputMode="decimal" error={errors.overdraftLimitMinor}
            onChange={(event) => setOverdraft(event.currentTarget.value)}
          />
        </Group>
        <Checkbox.Group
          label={t('accounts.flags')} value={flags} error={errors.flags}
          // The two limits exclude each other: an account bounded on both sides could never move.
          onChange={(values) => setFlags(values.slice(-1) as AccountFlag[])}
        >
          <Stack gap={6} mt={6}>
            {limitFlags.map((flag) => <Checkbox key={flag} value={flag} label={t(`accounts.flag.${flag}`)} />)}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('accounts.createSubmit')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
