import { Alert, Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n';
import { Spark } from '../shared/icons';
import { useProblemText } from '../shared/useProblem';
import { useTitle } from '../shared/useTitle';
import { Preferences } from './Preferences';
import { useSession } from './session';

export function SignInPage() {
  const { t } = useI18n();
  const { signIn } = useSession();
  const problemText = useProblemText();
  const [key, setKey] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useTitle(t('signIn.title'));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() === '') {
      setError(t('field.required'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await signIn(key.trim());
    } catch (reason) {
      const refused = reason instanceof ApiError && (reason.status === 401 || reason.status === 400);
      setError(refused ? t('signIn.badKey') : problemText(reason));
      setBusy(false);
    }
  };

  return (
    <Stack mih="100dvh" p="md" gap="xl">
      <Group component="header" justify="flex-end" gap="xs"><Preferences /></Group>
      <Stack component="main" w="100%" maw={420} mx="auto" mt={{ base: 0, sm: '8vh' }} gap="md">
        <Group gap="sm" wrap="nowrap">
          <Spark size={36} />
          <Title order={1}>{t('signIn.title')}</Title>
        </Group>
        <form className="panel" style={{ padding: 20 }} onSubmit={(event) => void submit(event)} noValidate>
          <Stack gap="md">
            {error !== null && <Alert color="red" role="alert" p="xs">{error}</Alert>}
            <PasswordInput
              label={t('signIn.key')} description={t('signIn.hint')} value={key} autoFocus autoComplete="off" spellCheck={false}
              placeholder="isk_…" onChange={(event) => setKey(event.currentTarget.value)} name="apiKey"
              visibilityToggleButtonProps={{ tabIndex: 0, 'aria-label': t('signIn.key') }}
            />
            <Button type="submit" loading={busy}>{t('signIn.submit')}</Button>
            <Text size="xs" c="dimmed">{t('signIn.privacy')}</Text>
          </Stack>
        </form>
      </Stack>
    </Stack>
  );
}
