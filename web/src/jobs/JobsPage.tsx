import { Badge, Button, Group, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api } from '../api/client';
import type { Job, JobQueue } from '../api/types';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Time } from '../shared/Time';
import { useLoaded } from '../shared/useLoaded';
import { usePages } from '../shared/usePages';
import { useTitle } from '../shared/useTitle';
import { useSession } from '../shell/session';
import { JobDrawer } from './JobDrawer';
import { ratesBetween, shortDuration, type QueueReading } from './rates';
import { useCommand } from './useCommand';

const refreshMilliseconds = 5_000;
export const jobStates = ['scheduled', 'queued', 'running', 'waiting', 'done', 'dead', 'cancelled', 'quarantined'] as const;

export default function JobsPage() {
  const { t } = useI18n();
  useTitle(t('jobs.title'));
  const queues = useLoaded('queues', (signal) => api.jobQueues(signal));
  const [parameters, setParameters] = useSearchParams();
  const state = parameters.get('state') ?? '';
  const type = parameters.get('type') ?? '';
  const list = usePages(JSON.stringify([state, type]), (cursor, signal) => api.jobs({ state, type, cursor, limit: 50 }, signal));
  const { reload: reloadQueues } = queues;
  const { reload: reloadList } = list;
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) {
        reloadQueues();
      }
    }, refreshMilliseconds);
    return () => window.clearInterval(timer);
  }, [reloadQueues]);
  const changed = () => {
    reloadQueues();
    reloadList();
  };
  const set = (name: string, value: string | null) => setParameters((before) => {
    const next = new URLSearchParams(before);
    if (value) {
      next.set(name, value);
    } else {
      next.delete(name);
    }
    return next;
  }, { replace: true });
  return (
    <Stack gap="sm">
      <Title order={1}>{t('jobs.title')}</Title>
      {queues.error !== null && <LoadError error={queues.error} onRetry={queues.reload} />}
      <QueueTable reading={queues.value} isFailed={queues.error !== null} onChanged={changed} />
      <Group justify="space-between" gap="xs" align="end">
        <Title order={2}>{t('jobs.list')}</Title>
        <Group gap="xs">
          <Select
            aria-label={t('jobs.type')} placeholder={t('jobs.anyType')} clearable value={type === '' ? null : type} w={220}
            data={queues.value?.items.map((queue) => queue.type) ?? []} onChange={(value) => set('type', value)}
          />
          <Select
            aria-label={t('jobs.state')} placeholder={t('jobs.anyState')} clearable value={state === '' ? null : state} w={170}
            data={jobStates.map((value) => ({ value, label: t(`jobs.state.${value}`) }))} onChange={(value) => set('state', value)}
          />
          <Button variant="default" onClick={changed}>{t('jobs.refresh')}</Button>
        </Group>
      </Group>
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('jobs.list')}>
        {list.items?.length === 0 ? (
          <EmptyState title={t(state || type ? 'jobs.emptyFiltered' : 'jobs.empty')} text={t('jobs.emptyHint')} />
        ) : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('jobs.created')}</Table.Th>
                <Table.Th>{t('jobs.type')}</Table.Th>
                <Table.Th>{t('jobs.state')}</Table.Th>
                <Table.Th className="number">{t('jobs.attempts')}</Table.Th>
                <Table.Th>{t('jobs.progressOrError')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items === null && list.error === null && <SkeletonRows columns={5} />}
              {list.items?.map((job) => <JobRow key={job.id} job={job} parameters={parameters} />)}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={list} />
      <JobDrawer onChanged={changed} />
    </Stack>
  );
}

function QueueTable({ reading, isFailed, onChanged }: { reading: QueueReading | null; isFailed: boolean; onChanged: () => void }) {
  const { t } = useI18n();
  const rates = useRates(reading);
  if (reading?.items.length === 0) {
    return <div className="panel"><EmptyState title={t('jobs.noQueues')} text={t('jobs.noQueuesHint')} /></div>;
  }
  return (
    <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('jobs.queues')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('jobs.type')}</Table.Th>
            <Table.Th className="number">{t('jobs.queued')}</Table.Th>
            <Table.Th className="number">{t('jobs.oldest')}</Table.Th>
            <Table.Th className="number">{t('jobs.running')}</Table.Th>
            <Table.Th className="number">{t('jobs.rate')}</Table.Th>
            <Table.Th className="number">{t('jobs.runP95')}</Table.Th>
            <Table.Th className="number">{t('jobs.overruns')}</Table.Th>
            <Table.Th className="number">{t('jobs.dead')}</Table.Th>
            <Table.Th><span className="visually-hidden">{t('jobs.actions')}</span></Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {reading === null && !isFailed && <SkeletonRows columns={9} rows={3} />}
          {reading?.items.map((queue) => (
            <QueueRow key={queue.type} queue={queue} rate={rates[queue.type] ?? null} onChanged={onChanged} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function useRates(reading: QueueReading | null): Record<string, number | null> {
  const [rates, setRates] = useState<Record<string, number | null>>({});
  const before = useRef<QueueReading | null>(null);
  useEffect(() => {
    if (reading !== null && reading.at !== before.current?.at) {
      setRates(ratesBetween(before.current, reading));
      before.current = reading;
    }
  }, [reading]);
  return rates;
}

function QueueRow({ queue, rate, onChanged }: { queue: JobQueue; rate: number | null; onChanged: () => void }) {
  const { t, locale } = useI18n();
  const { can } = useSession();
  const { busy, run } = useCommand(onChanged);
  const retryAll = async () => {
    let answer;
    let retried = 0;
    do {
      answer = await api.retryDeadJobs(queue.type);
      retried += answer.retried;
    } while (answer.hasMore);
    return t('jobs.retried', { count: retried });
  };
  return (
    <Table.Tr>
      <Table.Td>
        <Link className="row-link mono" to={`?type=${encodeURIComponent(queue.type)}`}>{queue.type}</Link>
        {queue.isPaused && <> <Badge variant="outline" color="gray" tt="none" fw={500}>{t('jobs.paused')}</Badge></>}
        {queue.waiting > 0 && <> <Badge color="yellow" tt="none" fw={500}>{t('jobs.waitingCount', { count: queue.waiting })}</Badge></>}
      </Table.Td>
      <Table.Td className="number">{queue.queued}</Table.Td>
      <Table.Td className="number">{shortDuration(queue.oldestAgeSeconds, locale)}</Table.Td>
      <Table.Td className="number">{queue.running}{queue.workersMax == null ? '' : ` / ${queue.workersMax}`}</Table.Td>
      <Table.Td className="number">{rate === null ? '–' : new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(rate)}</Table.Td>
      <Table.Td className="number">{shortDuration(queue.runP95Seconds, locale)}</Table.Td>
      <Table.Td className="number">{queue.overruns}</Table.Td>
      <Table.Td className="number">{queue.dead > 0 ? <Text span inherit c="red" fw={600}>{queue.dead}</Text> : 0}</Table.Td>
      <Table.Td className="number">
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {queue.dead > 0 && can('jobs:write') && (
            <Button size="compact-xs" variant="default" loading={busy} onClick={() => void run(retryAll)}
              aria-label={`${t('jobs.retryAll')} ${queue.type}`}>{t('jobs.retryAll')}</Button>
          )}
          {can('admin') && (
            <Button
              size="compact-xs" variant="default" loading={busy}
              aria-label={`${t(queue.isPaused ? 'jobs.resume' : 'jobs.pause')} ${queue.type}`}
              onClick={() => void run(async () => {
                await (queue.isPaused ? api.resumeJobQueue(queue.type) : api.pauseJobQueue(queue.type));
                return t(queue.isPaused ? 'jobs.resumedToast' : 'jobs.pausedToast', { type: queue.type });
              })}
            >{t(queue.isPaused ? 'jobs.resume' : 'jobs.pause')}</Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function JobRow({ job, parameters }: { job: Job; parameters: URLSearchParams }) {
  const { t } = useI18n();
  const next = new URLSearchParams(parameters);
  next.set('job', job.id);
  const error = job.error?.split('\n')[0];
  const progress = job.percent == null ? null : `${job.percent} % ${job.message ?? ''}`;
  const text = job.state === 'done' ? null : job.state === 'running' ? progress ?? error : error ?? progress;
  return (
    <Table.Tr>
      <Table.Td><Link className="row-link" to={`?${next}`} aria-label={t('jobs.open', { id: job.id })}><Time value={job.createdAt} /></Link></Table.Td>
      <Table.Td><span className="mono">{job.type}</span></Table.Td>
      <Table.Td><StateBadge job={job} /></Table.Td>
      <Table.Td className="number">{job.attempt}</Table.Td>
      <Table.Td><div className="ellipsis" title={text ?? undefined}>{text}</div></Table.Td>
    </Table.Tr>
  );
}

export function StateBadge({ job }: { job: Job }) {
  const { t } = useI18n();
  const isBad = job.state === 'dead' || job.state === 'quarantined';
  const color = isBad ? 'red.9' : job.state === 'waiting' || job.isOverrun ? 'yellow' : 'gray';
  return (
    <Badge variant={isBad || job.state === 'running' ? 'filled' : 'default'} color={job.state === 'running' ? 'blue.9' : color}
      autoContrast tt="none" fw={500}>{t(`jobs.state.${job.state as (typeof jobStates)[number]}`)}</Badge>
  );
}
