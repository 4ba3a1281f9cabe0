import { Alert, Badge, Button, Group, Modal, MultiSelect, PasswordInput, Stack, Switch, Table, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { User } from '../api/types';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Time } from '../shared/Time';
import { useLoaded } from '../shared/useLoaded';
import { usePages } from '../shared/usePages';
import { useTitle } from '../shared/useTitle';
import { ScopeChoice } from './ScopeChoice';
import { useSubmit } from './useSubmit';

export default function UsersPage() {
  const { t } = useI18n();
  useTitle(t('users.title'));
  const list = usePages('users', (cursor, signal) => api.users({ cursor, limit: 50 }, signal));
  const roles = useLoaded('roles', (signal) => api.roles(signal));
  const [dialog, { open, close }] = useDisclosure(false);
  const [editing, setEditing] = useState<User | null>(null);
  const names = roles.value?.items.map((role) => role.name) ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('users.title')}</Title>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>{t('users.create')}</Button>
      </Group>
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('users.title')}>
        {list.items?.length === 0 ? <EmptyState title={t('users.empty')} text={t('users.emptyText')} /> : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('users.login')}</Table.Th>
                <Table.Th>{t('users.name')}</Table.Th>
                <Table.Th>{t('users.roles')}</Table.Th>
                <Table.Th>{t('users.status')}</Table.Th>
                <Table.Th>{t('users.created')}</Table.Th>
                <Table.Th>{t('users.lastSignIn')}</Table.Th>
                <Table.Th><span className="visually-hidden">{t('users.edit')}</span></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items === null && list.error === null && <SkeletonRows columns={7} rows={4} />}
              {list.items?.map((user) => <UserRow key={user.id} user={user} onEdit={() => setEditing(user)} />)}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={list} />
      <Modal opened={dialog} onClose={close} title={t('users.create')} closeButtonProps={{ 'aria-label': t('app.close') }}>
        {dialog && <UserForm user={null} roles={names} onClose={close} onSaved={list.reload} />}
      </Modal>
      <Modal
        opened={editing !== null} onClose={() => setEditing(null)} title={t('users.editTitle', { name: editing?.login ?? '' })}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {editing !== null && <UserForm user={editing} roles={names} onClose={() => setEditing(null)} onSaved={list.reload} />}
      </Modal>
    </Stack>
  );
}

function UserRow({ user, onEdit }: { user: User; onEdit: () => void }) {
  const { t } = useI18n();
  const state = user.disabledAt ? 'disabled' : user.hasPassword ? 'active' : 'noPassword';
  return (
    <Table.Tr>
      <Table.Td><div className="ellipsis" title={user.login}>{user.login}</div></Table.Td>
      <Table.Td><div className="ellipsis" title={user.displayName}>{user.displayName}</div></Table.Td>
      <Table.Td><span className="mono">{[...user.roles, ...user.scopes].join(', ')}</span></Table.Td>
      <Table.Td>
        <Badge variant={state === 'active' ? 'default' : 'outline'} color="gray" tt="none" fw={500}>{t(`users.${state}`)}</Badge>
      </Table.Td>
      <Table.Td><Time value={user.createdAt} /></Table.Td>
      <Table.Td>{user.lastSignInAt ? <Time value={user.lastSignInAt} /> : <Text span inherit c="dimmed">{t('users.never')}</Text>}</Table.Td>
      <Table.Td className="number">
        <Button size="compact-xs" variant="default" onClick={onEdit} aria-label={`${t('users.edit')} ${user.login}`}>{t('users.edit')}</Button>
      </Table.Td>
    </Table.Tr>
  );
}

interface UserFormProps {
  user: User | null;
  roles: string[];
  onClose: () => void;
  onSaved: () => void;
}

function UserForm({ user, roles, onClose, onSaved }: UserFormProps) {
  const { t } = useI18n();
  const [login, setLogin] = useState('');
  const [name, setName] = useState(user?.displayName ?? '');
  const [chosen, setChosen] = useState<string[]>(user?.roles ?? ['viewer']);
  const [scopes, setScopes] = useState<string[]>(user?.scopes ?? []);
  const [password, setPassword] = useState('');
  const [enabled, setEnabled] = useState(!user?.disabledAt);
  const { errors, failure, busy, submit } = useSubmit();

  const save = (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (user === null && login.trim() === '') {
      found.login = t('field.required');
    }
    if (user !== null && name.trim() === '') {
      found.displayName = t('field.required');
    }
    void submit(found, async () => {
      const rights = { roles: chosen, scopes, ...(password === '' ? {} : { password }) };
      await (user === null
        ? api.createUser({ login: login.trim(), ...(name.trim() === '' ? {} : { displayName: name.trim() }), ...rights })
        : api.changeUser(user.id, { displayName: name.trim(), disabled: !enabled, ...rights }));
      notifications.show({ message: t('users.saved'), closeButtonProps: { 'aria-label': t('app.close') } });
      onSaved();
      onClose();
    });
  };

  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        {user === null && (
          <TextInput label={t('users.login')} description={t('users.loginHint')} value={login} error={errors.login} required data-autofocus
            maxLength={254} autoComplete="off" spellCheck={false} onChange={(event) => setLogin(event.currentTarget.value)} />
        )}
        <TextInput label={t('users.name')} value={name} error={errors.displayName} maxLength={100} autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)} />
        <MultiSelect label={t('users.roles')} data={roles} value={chosen} onChange={setChosen} error={errors.roles}
          clearButtonProps={{ 'aria-label': t('app.close') }} />
        <PasswordInput
          label={t(user === null ? 'users.password' : 'users.newPassword')} value={password} error={errors.password}
          description={t(user === null ? 'users.passwordHint' : 'users.newPasswordHint')} autoComplete="new-password" maxLength={256}
          visibilityToggleButtonProps={{ tabIndex: 0, 'aria-label': t('users.password') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {user !== null && (
          <Switch label={t('users.enabled')} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
        )}
        <ScopeChoice label={t('users.scopes')} value={scopes} onChange={setScopes} error={errors.scopes} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('users.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
