import { Alert, Button, Group, PasswordInput, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../api/client';
import { useI18n } from '../i18n';
import { Time } from '../shared/Time';
import { useTitle } from '../shared/useTitle';
import { useSession } from '../shell/session';
import { useSubmit } from './useSubmit';

/** Who I am; a user changes their password here. */
export default function ProfilePage() {
  const { t } = useI18n();
  const { state } = useSession();
  useTitle(t('profile.title'));
  if (state.kind !== 'signedIn') {
    return null;
  }
  const { session } = state;
  const isUser = Boolean(session.userId);
  const list = (items: readonly string[]) => (
    items.length === 0 ? <Text span inherit c="dimmed">{t('profile.none')}</Text> : <span className="mono">{items.join(', ')}</span>
  );
  return (
    <Stack gap="md" maw={640}>
      <Title order={1}>{t('profile.title')}</Title>
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('profile.title')}>
        <Table variant="vertical">
          <Table.Tbody>
            <Row label={t('profile.name')}>{session.name}</Row>
            <Row label={t(isUser ? 'profile.login' : 'profile.prefix')}><span className="mono">{session.prefix}</span></Row>
            <Row label={t('profile.tenant')}>{session.tenantName} <span className="mono">({session.tenant})</span></Row>
            {isUser && <Row label={t('profile.roles')}>{list(session.roles)}</Row>}
            <Row label={t('profile.scopes')}>{list(session.scopes)}</Row>
            {session.expiresAt && <Row label={t('profile.expires')}><Time value={session.expiresAt} /></Row>}
          </Table.Tbody>
        </Table>
      </div>
      {isUser && <PasswordForm />}
    </Stack>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return <Table.Tr><Table.Th scope="row" w={160}>{label}</Table.Th><Table.Td style={{ whiteSpace: 'normal' }}>{children}</Table.Td></Table.Tr>;
}

function PasswordForm() {
  const { t } = useI18n();
  const { signOut } = useSession();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const { errors, failure, busy, submit } = useSubmit();
  const save = (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (current === '') {
      found.currentPassword = t('field.required');
    }
    if (next === '') {
      found.newPassword = t('field.required');
    } else if (next !== again) {
      found.again = t('profile.differ');
    }
    void submit(found, async () => {
      await api.changePassword({ currentPassword: current, newPassword: next });
      notifications.show({ message: t('profile.changed'), closeButtonProps: { 'aria-label': t('app.close') } });
      await signOut();
    });
  };
  const toggle = { tabIndex: 0, 'aria-label': t('users.password') };
  return (
    <form className="panel" style={{ padding: 16 }} onSubmit={save} noValidate>
      <Stack gap="sm">
        <Title order={2} size="h4">{t('profile.password')}</Title>
        <Text size="sm" c="dimmed">{t('profile.changeHint')}</Text>
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <PasswordInput label={t('profile.current')} value={current} error={errors.currentPassword} autoComplete="current-password"
          visibilityToggleButtonProps={toggle} onChange={(event) => setCurrent(event.currentTarget.value)} />
        <PasswordInput label={t('profile.new')} value={next} error={errors.newPassword} autoComplete="new-password"
          visibilityToggleButtonProps={toggle} onChange={(event) => setNext(event.currentTarget.value)} />
        <PasswordInput label={t('profile.repeat')} value={again} error={errors.again} autoComplete="new-password"
          visibilityToggleButtonProps={toggle} onChange={(event) => setAgain(event.currentTarget.value)} />
        <Group justify="flex-end"><Button type="submit" loading={busy}>{t('profile.password')}</Button></Group>
      </Stack>
    </form>
  );
}
