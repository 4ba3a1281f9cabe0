import { Alert, Badge, Button, Group, Modal, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { ApiKey, CreatedApiKey } from '../api/types';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Time } from '../shared/Time';
import { fromLocalInput } from '../shared/time';
import { usePages } from '../shared/usePages';
import { fieldErrors, useProblemText } from '../shared/useProblem';
import { useTitle } from '../shared/useTitle';
import { ScopeChoice } from './ScopeChoice';
import { ShownSecret } from './ShownSecret';

export default function KeysPage() {
  const { t } = useI18n();
  useTitle(t('keys.title'));
  const list = usePages('keys', (cursor, signal) => api.keys({ cursor, limit: 50 }, signal));
  const [dialog, { open, close }] = useDisclosure(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('keys.title')}</Title>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>{t('keys.create')}</Button>
      </Group>
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('keys.title')}>
        {list.items?.length === 0 ? <EmptyState title={t('keys.empty')} /> : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('keys.name')}</Table.Th>
                <Table.Th>{t('keys.prefix')}</Table.Th>
                <Table.Th>{t('keys.scopes')}</Table.Th>
                <Table.Th>{t('keys.status')}</Table.Th>
                <Table.Th>{t('keys.created')}</Table.Th>
                <Table.Th>{t('keys.lastUsed')}</Table.Th>
                <Table.Th>{t('keys.expires')}</Table.Th>
                <Table.Th><span className="visually-hidden">{t('keys.revoke')}</span></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items === null && list.error === null && <SkeletonRows columns={8} rows={4} />}
              {list.items?.map((key) => <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />)}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={list} />
      <Modal opened={dialog} onClose={close} title={t('keys.create')} closeButtonProps={{ 'aria-label': t('app.close') }}>
        {dialog && <CreateKeyForm onClose={close} onCreated={list.reload} />}
      </Modal>
      <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} onRevoked={list.reload} />
    </Stack>
  );
}

function stateOf(key: ApiKey): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt) {
    return 'revoked';
  }
  return key.expiresAt && Date.parse(key.expiresAt) < Date.now() ? 'expired' : 'active';
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { t } = useI18n();
  const state = stateOf(apiKey);
  const never = <Text span inherit c="dimmed">{t('keys.never')}</Text>;
  return (
    <Table.Tr>
      <Table.Td><div className="ellipsis" title={apiKey.name}>{apiKey.name}</div></Table.Td>
      <Table.Td><span className="mono">{apiKey.prefix}</span></Table.Td>
      <Table.Td><span className="mono">{apiKey.scopes.join(', ')}</span></Table.Td>
      <Table.Td><Badge variant={state === 'active' ? 'default' : 'outline'} color="gray" tt="none"
        fw={500}>{t(`keys.${state}`)}</Badge></Table.Td>
      <Table.Td><Time value={apiKey.createdAt} /></Table.Td>
      <Table.Td>{apiKey.lastUsedAt ? <Time value={apiKey.lastUsedAt} /> : never}</Table.Td>
      <Table.Td>{apiKey.expiresAt ? <Time value={apiKey.expiresAt} /> : never}</Table.Td>
      <Table.Td className="number">
        {state === 'active' && (
          <Button size="compact-xs" variant="default" onClick={onRevoke}
            aria-label={`${t('keys.revoke')} ${apiKey.name}`}>{t('keys.revoke')}</Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function RevokeDialog({ apiKey, onClose, onRevoked }: { apiKey: ApiKey | null; onClose: () => void; onRevoked: () => void }) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => {
    setFailure(null);
    onClose();
  };
  const revoke = async (key: ApiKey) => {
    setBusy(true);
    try {
      await api.revokeKey(key.id);
      notifications.show({
        message: t('keys.revokedToast', { name: key.name }),
        closeButtonProps: { 'aria-label': t('app.close') },
      });
      onRevoked();
      close();
    } catch (error) {
      setFailure(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={apiKey !== null} onClose={close} title={t('keys.revokeTitle', { name: apiKey?.name ?? '' })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <Text size="sm">{t('keys.revokeText')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>{t('app.cancel')}</Button>
          <Button color="red.9" loading={busy} onClick={() => apiKey && void revoke(apiKey)}>{t('keys.revoke')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function CreateKeyForm({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>(['cards:read', 'dashboards:read']);
  const [expires, setExpires] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (name.trim() === '') {
      found.name = t('field.required');
    }
    if (chosen.length === 0) {
      found.scopes = t('field.scopes');
    }
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0) {
      return;
    }
    setBusy(true);
    try {
      const expiresAt = fromLocalInput(expires);
      setCreated(await api.createKey({ name: name.trim(), scopes: chosen, ...(expiresAt === null ? {} : { expiresAt }) }));
      onCreated();
    } catch (error) {
      setErrors(fieldErrors(error));
      setFailure(problemText(error));
      setBusy(false);
    }
  };

  if (created !== null) {
    return (
      <Stack gap="sm">
        <Alert color="yellow" p="xs">{t('keys.shownOnce')}</Alert>
        <ShownSecret value={created.key} />
        <Group justify="flex-end"><Button onClick={onClose}>{t('keys.done')}</Button></Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
        <TextInput
          label={t('keys.name')} value={name} error={errors.name} required data-autofocus maxLength={100} autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ScopeChoice label={t('keys.scopes')} value={chosen} onChange={setChosen} error={errors.scopes} />
        <TextInput
          type="datetime-local" label={t('keys.expires')} description={t('keys.expiresHint')} value={expires} error={errors.expiresAt}
          onChange={(event) => setExpires(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('keys.createSubmit')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
