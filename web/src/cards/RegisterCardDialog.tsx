import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { useI18n } from '../i18n';
import { digitsOf, isCardNumber, maskCard } from '../shared/cardNumber';
import { fieldErrors, useProblemText } from '../shared/useProblem';
import { uuidv7 } from '../shared/uuid';

interface RegisterCardDialogProps {
  accountId: string;
  opened: boolean;
  onClose: () => void;
  onRegistered: () => void;
}

export function RegisterCardDialog({ opened, ...form }: RegisterCardDialogProps) {
  const { t } = useI18n();
  return (
    <Modal opened={opened} onClose={form.onClose} title={t('account.registerCard')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <RegisterCardForm {...form} />}
    </Modal>
  );
}

function RegisterCardForm({ accountId, onClose, onRegistered }: Omit<RegisterCardDialogProps, 'opened'>) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [id] = useState(() => uuidv7());
  const [number, setNumber] = useState('');
  const [month, setMonth] = useState('');
  const [year, setYear] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (!isCardNumber(number)) {
      found.number = t('card.numberInvalid');
    }
    if (!/^(0?[1-9]|1[0-2])$/.test(month)) {
      found.expiryMonth = t('field.required');
    }
    if (!/^(20)?\d\d$/.test(year)) {
      found.expiryYear = t('field.required');
    }
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0) {
      return;
    }
    setBusy(true);
    try {
      const expiryYear = Number(year) < 100 ? 2000 + Number(year) : Number(year);
      const card = await api.registerCard({ id, accountId, number: digitsOf(number), expiryMonth: Number(month), expiryYear });
      notifications.show({
        message: t('card.registeredToast', { card: maskCard(card.bin, card.last4) }),
        closeButtonProps: { 'aria-label': t('app.close') },
      });
      onRegistered();
      onClose();
    } catch (error) {
      setErrors(fieldErrors(error));
      setFailure(problemText(error));
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate autoComplete="off">
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <TextInput
          label={t('card.number')} value={number} error={errors.number} inputMode="numeric" maxLength={24} required data-autofocus
          autoComplete="off" onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <Group grow align="flex-start">
          <TextInput
            label={t('card.month')} value={month} error={errors.expiryMonth} placeholder="12" inputMode="numeric" maxLength={2} required
            autoComplete="off" onChange={(event) => setMonth(event.currentTarget.value)}
          />
          <TextInput
            label={t('card.year')} value={year} error={errors.expiryYear} placeholder="2030" inputMode="numeric" maxLength={4} required
            autoComplete="off" onChange={(event) => setYear(event.currentTarget.value)}
          />
        </Group>
        <Text size="xs" c="dimmed">{t('card.hint')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('card.submit')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
