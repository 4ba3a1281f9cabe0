import { Alert, Button, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError } from '../api/client';
import { useI18n } from '../i18n';
import { Spark } from '../shared/icons';
import { useProblemText } from '../shared/useProblem';
import { useTitle } from '../shared/useTitle';
import { Preferences } from './Preferences';
import { useSession } from './session';

type Way = 'key' | 'password';

// Which way was taken last: the first administrator has only a key, everyone after that a password.
const wayKey = 'iskra.signIn';

function lastWay(): Way {
  try {
    return localStorage.getItem(wayKey) === 'password' ? 'password' : 'key';
  } catch {
    return 'key';
  }
}

function keepWay(way: Way): void {
  try {
    localStorage.setItem(wayKey, way);
  } catch {
    // Without storage the page begins with the key each time.
  }
}

export function SignInPage() {
  const { t } = useI18n();
  const { signIn } = useSession();
  const problemText = useProblemText();
  const [way, setWay] = useState<Way>(lastWay);
  const [key, setKey] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [tenant, setTenant] = useState('default');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useTitle(t('signIn.title'));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (way === 'key' ? key.trim() === '' : login.trim() === '' || password === '') {
      setError(t('field.required'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await signIn(way === 'key' ? { apiKey: key.trim() } : { login: login.trim(), password, tenant: tenant.trim() || 'default' });
      keepWay(way);
    } catch (reason) {
      setError(describe(reason));
      setBusy(false);
    }
  };

  const describe = (reason: unknown): string => {
    if (reason instanceof ApiError && (reason.status === 401 || reason.status === 400)) {
      return t(way === 'key' ? 'signIn.badKey' : 'signIn.badPassword');
    }
    return reason instanceof ApiError && reason.status === 429 && reason.retryAfterSeconds !== null
      ? t('signIn.wait', { seconds: reason.retryAfterSeconds })
      : problemText(reason);
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
            <SegmentedControl
              fullWidth value={way} aria-label={t('signIn.how')}
              data={[{ value: 'key', label: t('signIn.byKey') }, { value: 'password', label: t('signIn.byPassword') }]}
              onChange={(value) => {
                setWay(value as Way);
                setError(null);
              }}
            />
            {error !== null && <Alert color="red" role="alert" p="xs">{error}</Alert>}
            {way === 'key' ? (
              <PasswordInput
                label={t('signIn.key')} description={t('signIn.hint')} value={key} autoFocus autoComplete="off" spellCheck={false}
                placeholder="isk_…" onChange={(event) => setKey(event.currentTarget.value)} name="apiKey"
                visibilityToggleButtonProps={{ tabIndex: 0, 'aria-label': t('signIn.key') }}
              />
            ) : (
              <>
                <TextInput label={t('signIn.login')} value={login} autoFocus autoComplete="username" spellCheck={false} name="login"
                  autoCapitalize="none" onChange={(event) => setLogin(event.currentTarget.value)} />
                <PasswordInput label={t('signIn.password')} value={password} autoComplete="current-password" name="password"
                  visibilityToggleButtonProps={{ tabIndex: 0, 'aria-label': t('signIn.password') }}
                  onChange={(event) => setPassword(event.currentTarget.value)} />
                <TextInput label={t('signIn.tenant')} description={t('signIn.tenantHint')} value={tenant} autoComplete="organization"
                  spellCheck={false} name="tenant" autoCapitalize="none" onChange={(event) => setTenant(event.currentTarget.value)} />
              </>
            )}
            <Button type="submit" loading={busy}>{t('signIn.submit')}</Button>
            <Text size="xs" c="dimmed">{t(way === 'key' ? 'signIn.privacy' : 'signIn.passwordPrivacy')}</Text>
          </Stack>
        </form>
      </Stack>
    </Stack>
  );
}
