import { Alert, Badge, Button, Group, Modal, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { Role } from '../api/types';
import { useI18n } from '../i18n';
import type { MessageKey } from '../i18n/en';
import { Icon } from '../shared/icons';
import { SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { useLoaded } from '../shared/useLoaded';
import { useTitle } from '../shared/useTitle';
import { ScopeChoice } from './ScopeChoice';
import { useSubmit } from './useSubmit';

const builtIn: Readonly<Record<string, MessageKey>> = {
  admin: 'roles.d.admin', operator: 'roles.d.operator', viewer: 'roles.d.viewer', auditor: 'roles.d.auditor',
};

export default function RolesPage() {
  const { t } = useI18n();
  useTitle(t('roles.title'));
  const list = useLoaded('roles', (signal) => api.roles(signal));
  const [editing, setEditing] = useState<Role | 'new' | null>(null);
  const { failure, submit } = useSubmit();
  const remove = (role: Role) => submit({}, async () => {
    await api.removeRole(role.name);
    list.reload();
  });
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('roles.title')}</Title>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setEditing('new')}>{t('roles.create')}</Button>
      </Group>
      <Text size="sm" c="dimmed">{t('roles.hint')}</Text>
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('roles.title')}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('roles.name')}</Table.Th>
              <Table.Th>{t('roles.description')}</Table.Th>
              <Table.Th>{t('roles.scopes')}</Table.Th>
              <Table.Th><span className="visually-hidden">{t('roles.edit')}</span></Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.value === null && list.error === null && <SkeletonRows columns={4} rows={3} />}
            {list.value?.items.map((role) => (
              <Table.Tr key={role.name}>
                <Table.Td><span className="mono">{role.name}</span></Table.Td>
                <Table.Td>{role.isBuiltIn && builtIn[role.name] !== undefined ? t(builtIn[role.name]!) : role.description}</Table.Td>
                <Table.Td><span className="mono">{role.scopes.join(', ')}</span></Table.Td>
                <Table.Td className="number">
                  {role.isBuiltIn ? <Badge variant="outline" color="gray" tt="none" fw={500}>{t('roles.builtIn')}</Badge> : (
                    <Group gap={6} justify="flex-end" wrap="nowrap">
                      <Button size="compact-xs" variant="default" onClick={() => setEditing(role)}
                        aria-label={`${t('roles.edit')} ${role.name}`}>{t('roles.edit')}</Button>
                      <Button size="compact-xs" variant="default" onClick={() => void remove(role)}
                        aria-label={`${t('roles.remove')} ${role.name}`}>{t('roles.remove')}</Button>
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Modal
        opened={editing !== null} onClose={() => setEditing(null)} closeButtonProps={{ 'aria-label': t('app.close') }}
        title={editing === null || editing === 'new' ? t('roles.create') : t('roles.editTitle', { name: editing.name })}
      >
        {editing !== null && (
          <RoleForm role={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onSaved={list.reload} />
        )}
      </Modal>
    </Stack>
  );
}

function RoleForm({ role, onClose, onSaved }: { role: Role | null; onClose: () => void; onSaved: () => void }) {
  const { t } = useI18n();
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(role?.description ?? '');
  const [scopes, setScopes] = useState<string[]>(role?.scopes ?? []);
  const { errors, failure, busy, submit } = useSubmit();

  const save = (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (name.trim() === '') {
      found.name = t('field.required');
    }
    if (scopes.length === 0) {
      found.scopes = t('field.scopes');
    }
    void submit(found, async () => {
      await api.putRole(name.trim(), { description: description.trim(), scopes });
      onSaved();
      onClose();
    });
  };

  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        {role === null && (
          <TextInput label={t('roles.name')} description={t('roles.nameHint')} value={name} error={errors.name} required data-autofocus
            maxLength={40} autoComplete="off" spellCheck={false} onChange={(event) => setName(event.currentTarget.value)} />
        )}
        <TextInput label={t('roles.description')} value={description} error={errors.description} maxLength={200} autoComplete="off"
          onChange={(event) => setDescription(event.currentTarget.value)} />
        <ScopeChoice label={t('roles.scopes')} value={scopes} onChange={setScopes} error={errors.scopes} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('roles.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
