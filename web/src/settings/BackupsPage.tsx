import { Alert, Badge, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Backup, BackupList } from '../api/types';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Time } from '../shared/Time';
import { useLoaded } from '../shared/useLoaded';
import { useProblemText } from '../shared/useProblem';
import { useTitle } from '../shared/useTitle';

const busyRefreshMilliseconds = 1_000;
const idleRefreshMilliseconds = 15_000;

export default function BackupsPage() {
  const { t } = useI18n();
  useTitle(t('backups.title'));
  const { value: list, error, reload } = useLoaded('backups', (signal) => api.backups(signal));
  const running = list?.running ?? null;
  useEffect(() => {
    const timer = setInterval(reload, running === null ? idleRefreshMilliseconds : busyRefreshMilliseconds);
    return () => clearInterval(timer);
  }, [reload, running === null]);
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('backups.title')}</Title>
        <CreateButton busy={running !== null} onCreated={reload} />
      </Group>
      {error !== null && <LoadError error={error} onRetry={reload} />}
      {list !== null && <Status list={list} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('backups.title')}>
        {list?.items.length === 0 ? <EmptyState title={t('backups.none')} text={t('backups.noneText')} /> : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('backups.created')}</Table.Th>
                <Table.Th>{t('backups.kind')}</Table.Th>
                <Table.Th>{t('backups.engine')}</Table.Th>
                <Table.Th className="number">{t('backups.size')}</Table.Th>
                <Table.Th>{t('backups.file')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list === null && error === null && <SkeletonRows columns={5} rows={4} />}
              {list?.items.map((backup) => <BackupRow key={backup.fileName} backup={backup} />)}
            </Table.Tbody>
          </Table>
        )}
      </div>
      {list !== null && <HowToRestore folder={list.folder} />}
    </Stack>
  );
}

function CreateButton({ busy, onCreated }: { busy: boolean; onCreated: () => void }) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [sending, setSending] = useState(false);
  const create = async () => {
    setSending(true);
    const closeButtonProps = { 'aria-label': t('app.close') };
    try {
      await api.createBackup();
      notifications.show({ message: t('backups.started'), closeButtonProps });
    } catch (error) {
      notifications.show({ color: 'red', message: problemText(error), closeButtonProps });
    } finally {
      setSending(false);
      onCreated();
    }
  };
  return (
    <Button leftSection={<Icon name="backups" size={16} />} loading={sending || busy} onClick={() => void create()}>
      {t('backups.create')}
    </Button>
  );
}

function Status({ list }: { list: BackupList }) {
  const { t } = useI18n();
  const duration = useDuration();
  const facts: [string, string][] = [
    [t('backups.age'), list.ageSeconds == null ? '—' : duration(list.ageSeconds)],
    ...(list.scheduleSeconds == null ? [] : [[t('backups.schedule'), duration(list.scheduleSeconds)] as [string, string]]),
    [t('backups.folder'), list.folder],
  ];
  return (
    <>
      {list.lastFailure != null && (
        <Alert color="red" role="alert" p="xs">{t('backups.failed', { reason: list.lastFailure })}</Alert>
      )}
      {list.isOverdue && <Alert color="red" role="alert" p="xs">{t('backups.overdue')}</Alert>}
      {list.scheduleSeconds == null && <Alert color="yellow" p="xs">{t('backups.unscheduled')}</Alert>}
      {list.running != null && (
        <Alert color="blue" role="status" p="xs">{t('backups.running', { phase: phaseText(list.running) })}</Alert>
      )}
      <Group gap="lg">
        {facts.map(([label, value]) => (
          <Text key={label} size="sm"><Text span inherit c="dimmed">{label}: </Text>{value}</Text>
        ))}
      </Group>
    </>
  );
}

function phaseText(running: NonNullable<BackupList['running']>): string {
  const { phase, doneBytes, totalBytes } = running;
  return totalBytes > 0 ? `${phase}, ${Math.min(100, Math.round((doneBytes / totalBytes) * 100))} %` : phase;
}

function BackupRow({ backup }: { backup: Backup }) {
  const { t, locale } = useI18n();
  const megabytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });
  return (
    <Table.Tr>
      <Table.Td><Time value={backup.createdAt} /></Table.Td>
      <Table.Td>
        {backup.fault == null
          ? t(`backups.kind.${backup.kind}`)
          : <Badge variant="outline" color="red" tt="none" fw={500} title={backup.fault}>{t('backups.damaged')}</Badge>}
      </Table.Td>
      <Table.Td>{backup.fault == null ? (backup.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL') : ''}</Table.Td>
      <Table.Td className="number">{megabytes.format(backup.bytes / 1e6)}</Table.Td>
      <Table.Td><span className="mono">{backup.fileName}</span></Table.Td>
    </Table.Tr>
  );
}

function HowToRestore({ folder }: { folder: string }) {
  const { t } = useI18n();
  return (
    <Stack gap={6}>
      <Title order={2}>{t('backups.restoreTitle')}</Title>
      <Text size="sm">{t('backups.restoreText')}</Text>
      <pre className="mono panel" style={{ padding: '8px 10px', margin: 0, overflowX: 'auto' }} tabIndex={0}>
        {`iskra backup verify ${folder} --key-file KEY\niskra backup restore ${folder} --data NEW --key-file KEY\niskra serve --data NEW`}
      </pre>
      <Text size="sm" c="dimmed">{t('backups.keyText')}</Text>
    </Stack>
  );
}

function useDuration(): (seconds: number) => string {
  const { t } = useI18n();
  return (seconds) => {
    if (seconds < 120) {
      return t('backups.seconds', { n: Math.round(seconds) });
    }
    if (seconds < 7_200) {
      return t('backups.minutes', { n: Math.round(seconds / 60) });
    }
    return seconds < 172_800 ? t('backups.hours', { n: Math.round(seconds / 3_600) }) : t('backups.days', { n: Math.round(seconds / 86_400) });
  };
}
