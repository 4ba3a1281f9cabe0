import { Alert, Button, Code, Drawer, Group, Progress, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { api } from '../api/client';
import type { Job } from '../api/types';
import { useI18n } from '../i18n';
import { CopyId } from '../shared/CopyId';
import { DetailRow } from '../shared/DetailRow';
import { LoadError } from '../shared/LoadError';
import { Time } from '../shared/Time';
import { useLoaded } from '../shared/useLoaded';
import { useSession } from '../shell/session';
import { StateBadge } from './JobsPage';
import { useCommand } from './useCommand';

const ended = ['done', 'dead', 'cancelled', 'quarantined'];

/** Opens for the job that the address names, so that it can be linked to. */
export function JobDrawer({ onChanged }: { onChanged: () => void }) {
  const { t } = useI18n();
  const [parameters, setParameters] = useSearchParams();
  const id = parameters.get('job');
  const close = () => setParameters((before) => {
    const next = new URLSearchParams(before);
    next.delete('job');
    return next;
  });
  return (
    <Drawer
      opened={id !== null} onClose={close} position="right" size="md" title={t('jobs.title')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {id !== null && <Details key={id} id={id} onChanged={onChanged} />}
    </Drawer>
  );
}

function Details({ id, onChanged }: { id: string; onChanged: () => void }) {
  const { t } = useI18n();
  const { value: job, error, reload } = useLoaded(id, (signal) => api.job(id, signal));
  const isLive = job !== null && !ended.includes(job.state);
  useEffect(() => {
    if (!isLive) {
      return;
    }
    // The stream says that something changed; the job itself is read as always.
    const stream = new EventSource(`/v1/jobs/${encodeURIComponent(id)}/events`);
    stream.addEventListener('job', reload);
    return () => stream.close();
  }, [id, isLive, reload]);
  if (error !== null && job === null) {
    return <LoadError error={error} onRetry={reload} />;
  }
  if (job === null) {
    return <Stack gap="sm">{Array.from({ length: 7 }, (_row, row) => <Skeleton key={row} height={18} />)}</Stack>;
  }
  const changed = () => {
    reload();
    onChanged();
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} className="mono">{job.type}</Title>
        <StateBadge job={job} />
      </Group>
      {job.state === 'waiting' && <Alert color="yellow" p="xs">{t('jobs.waitingText')}</Alert>}
      {job.percent != null && (
        <div>
          <Text size="sm">{job.percent} % {job.message}</Text>
          <Progress value={job.percent} aria-label={t('jobs.progress')} />
        </div>
      )}
      {job.error && <Code block className="wrap" color="red.1" c="red.9">{job.error}</Code>}
      <dl className="details">
        <DetailRow label={t('jobs.attempts')}>{t('jobs.attemptsText', { attempt: job.attempt, failures: job.failures, crashes: job.crashes })}</DetailRow>
        <DetailRow label={t('jobs.created')}><Time value={job.createdAt} /></DetailRow>
        {job.startedAt && <DetailRow label={t('jobs.started')}><Time value={job.startedAt} /></DetailRow>}
        {job.finishedAt && <DetailRow label={t('jobs.finished')}><Time value={job.finishedAt} /></DetailRow>}
        {isLive && <DetailRow label={t('jobs.ready')}><Time value={job.readyAt} /></DetailRow>}
        {job.dueAt && <DetailRow label={t('jobs.due')}><Time value={job.dueAt} />{job.isOverrun ? ` · ${t('jobs.isOverrun')}` : ''}</DetailRow>}
        <DetailRow label={t('jobs.priority')}>{job.priority}</DetailRow>
        <DetailRow label={t('jobs.id')}><CopyId id={job.id} /></DetailRow>
      </dl>
      <Json title={t('jobs.payload')} value={job.payload} />
      <Json title={t('jobs.result')} value={job.result} />
      <Actions job={job} onChanged={changed} />
    </Stack>
  );
}

function Actions({ job, onChanged }: { job: Job; onChanged: () => void }) {
  const { t } = useI18n();
  const { can } = useSession();
  const { busy, run } = useCommand(onChanged);
  if (!can('jobs:write')) {
    return null;
  }
  const button = (label: string, command: () => Promise<unknown>, message: string) => (
    <Button variant="default" loading={busy} onClick={() => void run(async () => {
      await command();
      return message;
    })}>{label}</Button>
  );
  const canRetry = ['dead', 'quarantined', 'cancelled', 'scheduled'].includes(job.state);
  return (
    <Group justify="flex-end" gap="xs">
      {job.state === 'waiting' && button(t('jobs.goOn'), () => api.answerJob(job.id, true), t('jobs.goesOn'))}
      {canRetry && button(t(job.state === 'scheduled' ? 'jobs.startNow' : 'jobs.retry'), () => api.retryJob(job.id), t('jobs.retriedOne'))}
      {!ended.includes(job.state) && button(t('jobs.cancel'), () => api.cancelJob(job.id), t('jobs.cancelled'))}
    </Group>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  return value === null || value === undefined ? null : (
    <div>
      <Text size="sm" fw={600}>{title}</Text>
      <Code block className="wrap">{JSON.stringify(value, null, 2)}</Code>
    </div>
  );
}
