import { Alert, Badge, Button, Checkbox, Group, Modal, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { CreatedApiKey, Tenant } from '../api/types';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Time } from '../shared/Time';
import { usePages } from '../shared/usePages';
import { useTitle } from '../shared/useTitle';
import { ShownSecret } from './ShownSecret';
import { useSubmit } from './useSubmit';

export default function TenantsPage() {
  const { t } = useI18n();
  useTitle(t('tenants.title'));
  const list = usePages('tenants', (cursor, signal) => api.tenants({ cursor, limit: 50 }, signal));
  const [dialog, { open, close }] = useDisclosure(false);
  const [renaming, setRenaming] = useState<Tenant | null>(null);
  const [disabling, setDisabling] = useState<Tenant | null>(null);
  const { failure, busy, submit } = useSubmit();
  const setDisabled = (tenant: Tenant, disabled: boolean) => submit({}, async () => {
    await api.changeTenant(tenant.id, { disabled });
    setDisabling(null);
    list.reload();
  });
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('tenants.title')}</Title>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>{t('tenants.create')}</Button>
      </Group>
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      {failure !== null && disabling === null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('tenants.title')}>
        {list.items?.length === 0 ? <EmptyState title={t('tenants.empty')} /> : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th className="number">{t('tenants.number')}</Table.Th>
                <Table.Th>{t('tenants.slug')}</Table.Th>
                <Table.Th>{t('tenants.name')}</Table.Th>
                <Table.Th>{t('tenants.status')}</Table.Th>
                <Table.Th>{t('tenants.created')}</Table.Th>
                <Table.Th><span className="visually-hidden">{t('tenants.rename')}</span></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items === null && list.error === null && <SkeletonRows columns={6} rows={3} />}
              {list.items?.map((tenant) => (
                <TenantRow key={tenant.id} tenant={tenant} onRename={() => setRenaming(tenant)} onDisable={() => setDisabling(tenant)}
                  onEnable={() => void setDisabled(tenant, false)} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={list} />
      <Modal opened={dialog} onClose={close} title={t('tenants.create')} closeButtonProps={{ 'aria-label': t('app.close') }}>
        {dialog && <CreateForm onClose={close} onCreated={list.reload} />}
      </Modal>
      <Modal
        opened={renaming !== null} onClose={() => setRenaming(null)} title={t('tenants.renameTitle', { name: renaming?.slug ?? '' })}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {renaming !== null && <RenameForm tenant={renaming} onClose={() => setRenaming(null)} onSaved={list.reload} />}
      </Modal>
      <Modal
        opened={disabling !== null} onClose={() => setDisabling(null)} title={t('tenants.disableTitle', { name: disabling?.name ?? '' })}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <Stack gap="sm">
          {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
          <Text size="sm">{t('tenants.disableText')}</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setDisabling(null)}>{t('app.cancel')}</Button>
            <Button color="red.9" loading={busy} onClick={() => disabling && void setDisabled(disabling, true)}>{t('tenants.disable')}</Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

interface TenantRowProps {
  tenant: Tenant;
  onRename: () => void;
  onDisable: () => void;
  onEnable: () => void;
}

function TenantRow({ tenant, onRename, onDisable, onEnable }: TenantRowProps) {
  const { t } = useI18n();
  const active = !tenant.disabledAt;
  return (
    <Table.Tr>
      <Table.Td className="number">{tenant.id}</Table.Td>
      <Table.Td><span className="mono">{tenant.slug}</span></Table.Td>
      <Table.Td><div className="ellipsis" title={tenant.name}>{tenant.name}</div></Table.Td>
      <Table.Td>
        <Badge variant={active ? 'default' : 'outline'} color="gray" tt="none" fw={500}>{t(active ? 'tenants.active' : 'tenants.disabled')}</Badge>
      </Table.Td>
      <Table.Td><Time value={tenant.createdAt} /></Table.Td>
      <Table.Td className="number">
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Button size="compact-xs" variant="default" onClick={onRename}
            aria-label={`${t('tenants.rename')} ${tenant.slug}`}>{t('tenants.rename')}</Button>
          {tenant.id !== 1 && (
            <Button size="compact-xs" variant="default" onClick={active ? onDisable : onEnable}
              aria-label={`${t(active ? 'tenants.disable' : 'tenants.enable')} ${tenant.slug}`}>
              {t(active ? 'tenants.disable' : 'tenants.enable')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function RenameForm({ tenant, onClose, onSaved }: { tenant: Tenant; onClose: () => void; onSaved: () => void }) {
  const { t } = useI18n();
  const [name, setName] = useState(tenant.name);
  const { errors, failure, busy, submit } = useSubmit();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void submit(name.trim() === '' ? { name: t('field.required') } : {}, async () => {
      await api.changeTenant(tenant.id, { name: name.trim() });
      onSaved();
      onClose();
    });
  };
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <TextInput label={t('tenants.name')} value={name} error={errors.name} required data-autofocus maxLength={100} autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('tenants.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function CreateForm({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const { t } = useI18n();
  const [slug, setSlug] = useState('');
  const [name, setName] = useState('');
  const [withAdminKey, setWithAdminKey] = useState(true);
  const [key, setKey] = useState<CreatedApiKey | null>(null);
  const { errors, failure, busy, submit } = useSubmit();
  const save = (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (slug.trim() === '') {
      found.slug = t('field.required');
    }
    void submit(found, async () => {
      const made = await api.createTenant({ slug: slug.trim(), name: name.trim() || slug.trim(), withAdminKey });
      onCreated();
      if (made.adminKey) {
        setKey(made.adminKey);
      } else {
        onClose();
      }
    });
  };

  if (key !== null) {
    return (
      <Stack gap="sm">
        <Text size="sm" fw={600}>{t('tenants.keyTitle', { name: name || slug })}</Text>
        <Alert color="yellow" p="xs">{t('keys.shownOnce')}</Alert>
        <ShownSecret value={key.key} />
        <Group justify="flex-end"><Button onClick={onClose}>{t('keys.done')}</Button></Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <TextInput label={t('tenants.slug')} description={t('tenants.slugHint')} value={slug} error={errors.slug} required data-autofocus
          maxLength={40} autoComplete="off" spellCheck={false} onChange={(event) => setSlug(event.currentTarget.value)} />
        <TextInput label={t('tenants.name')} value={name} error={errors.name} maxLength={100} autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)} />
        <Checkbox label={t('tenants.withKey')} checked={withAdminKey} onChange={(event) => setWithAdminKey(event.currentTarget.checked)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('tenants.create')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
