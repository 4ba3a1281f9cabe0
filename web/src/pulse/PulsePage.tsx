import { Alert, Button, Code, Group, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { api } from '../api/client';
import type { SystemInfo } from '../api/types';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { formatClock, formatUtc } from '../shared/time';
import { useLoaded } from '../shared/useLoaded';
import { useProblemText } from '../shared/useProblem';
import { useTitle } from '../shared/useTitle';
import { useSession } from '../shell/session';
import { Chart } from './Chart';
import { pulseFormats } from './format';
import { PulseContext, PulseStore, usePulse } from './store';
import { Tiles } from './Tiles';

const systemPollMs = 10_000;
const demoSpeed = 100;

export default function PulsePage() {
  const { t } = useI18n();
  useTitle(t('pulse.title'));
  const [store] = useState(() => new PulseStore());
  useEffect(() => store.run(), [store]);
  const system = useLoaded('system', (signal) => api.system(signal));
  const { reload } = system;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), systemPollMs);
    return () => clearInterval(timer);
  }, [reload]);

  return (
    <PulseContext value={store}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="sm" align="baseline">
            <Title order={1}>{t('pulse.title')}</Title>
            <Text size="sm" c="dimmed">{t('pulse.subtitle')}</Text>
          </Group>
          <ConnectionState />
        </Group>
        <Demo system={system.value} onChange={reload} />
        <Tiles />
        <Charts />
      </Stack>
    </PulseContext>
  );
}

function ConnectionState() {
  const { t } = useI18n();
  const state = usePulse((store) => store.state);
  const transport = usePulse((store) => store.transport);
  const live = state === 'live';
  const text = !live ? t(`pulse.${state}`) : transport === 'websocket' ? t('pulse.live')
    : transport === 'sse' ? t('pulse.viaSse') : t('pulse.viaPolling');
  return (
    <Group gap={8} role="status" data-testid="pulse-state" data-state={state}>
      <span className={live ? 'live-dot on' : 'live-dot'} />
      <Text size="sm">{text}</Text>
    </Group>
  );
}

/** The offer on an empty system, and the label for as long as the traffic is simulated. */
function Demo({ system, onChange }: { system: SystemInfo | null; onChange: () => void }) {
  const { t } = useI18n();
  const { can } = useSession();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const hasTransfers = usePulse((store) => (store.now?.transfersTotal ?? 0) > 0);

  const run = async (action: () => Promise<void>) => {
    setBusy(true);
    try {
      await action();
      onChange();
    } catch (error) {
      notifications.show({
        color: 'red', message: problemText(error),
        closeButtonProps: { 'aria-label': t('app.close') },
      });
    } finally {
      setBusy(false);
    }
  };

  if (system === null) {
    return null;
  }
  if (system.demo.running) {
    return (
      <Alert color="yellow" p="xs" className="panel simulated" data-testid="demo-running">
        <Group justify="space-between" gap="xs">
          <Text size="sm">
            <Text span inherit fw={600}>{t('pulse.demoRunning')}</Text>
            {system.demo.speed !== null && `, ${t('pulse.demoSpeed', { speed: system.demo.speed })}`}. {t('pulse.demoRunningText')}
          </Text>
          {can('admin') && (
            <Button size="compact-sm" variant="default" loading={busy} leftSection={<Icon name="stop" size={14} />}
              onClick={() => void run(api.stopDemo)}>
              {t('pulse.stopDemo')}
            </Button>
          )}
        </Group>
      </Alert>
    );
  }
  if (!system.isEmpty || hasTransfers) {
    return null;
  }
  return (
    <div className="panel">
      <EmptyState title={t('pulse.emptyTitle')} text={t('pulse.emptyText')}>
        {can('admin') && (
          <Button loading={busy} leftSection={<Icon name="play" size={14} />} onClick={() => void run(() => api.startDemo(demoSpeed))}>
            {t('pulse.startDemo')}
          </Button>
        )}
        {can('cards:write') && <Button variant="default" component={Link} to="/cards/accounts">{t('pulse.openAccounts')}</Button>}
        <Text size="sm" w="100%" c="dimmed">
          {!can('admin') && `${t('pulse.demoNeedsAdmin')} `}
          {t('pulse.emptyCommand')} <Code>iskra demo</Code>
        </Text>
      </EmptyState>
    </div>
  );
}

function Charts() {
  const { t, locale } = useI18n();
  const formats = useMemo(() => pulseFormats(locale), [locale]);
  return (
    <div className="charts">
      <Chart title={t('pulse.tps')} yMin={10}
        lines={[{ name: 'transactionsPerSecond', label: t('pulse.tps'), color: 0, format: formats.rate }]} />
      <Chart
        title={t('pulse.latency')} yMin={5}
        lines={[
          { name: 'p50Ms', label: 'p50', color: 2, format: formats.milliseconds },
          { name: 'p95Ms', label: 'p95', color: 0, dash: [6, 3], format: formats.milliseconds },
          { name: 'p99Ms', label: 'p99', color: 3, dash: [2, 3], format: formats.milliseconds },
        ]}
      />
      <Chart title={t('pulse.queue')} yMin={10} lines={[{ name: 'queueDepth', label: t('pulse.queue'), color: 2, format: formats.rate }]} />
      <Chart title={t('pulse.errors')} yMin={0.01}
        lines={[{ name: 'errorRate', label: t('pulse.errors'), color: 3, format: formats.ratio }]} />
      <Chart
        title={t('pulse.cpuMemory')} yMin={100} y2Min={128 * 1024 * 1024}
        lines={[
          { name: 'cpuPercent', label: t('pulse.cpu'), color: 0, format: formats.percent },
          { name: 'memoryBytes', label: t('pulse.memory'), color: 1, dash: [6, 3], scale: 'y2', format: formats.bytes },
        ]}
      />
      <Recent />
    </div>
  );
}

function Recent() {
  const { t, locale } = useI18n();
  const recent = usePulse((store) => store.recent);
  const count = useMemo(() => new Intl.NumberFormat(locale), [locale]);
  return (
    <section className="panel chart">
      <Title order={2} mb={6}>{t('pulse.recent')}</Title>
      {recent.length === 0 ? <Text size="sm" c="dimmed">{t('pulse.recentEmpty')}</Text> : (
        <div className="recent table-panel" tabIndex={0} role="region" aria-label={t('pulse.recent')}>
          <Table verticalSpacing={3} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('pulse.recentTime')}</Table.Th>
                <Table.Th className="number">{t('pulse.recentTransfers')}</Table.Th>
                <Table.Th className="number">{t('pulse.recentSequence')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {recent.map((commit) => (
                <Table.Tr key={commit.lastSequence}>
                  <Table.Td><time dateTime={commit.at} title={formatUtc(commit.at)}>{formatClock(commit.at, locale)}</time></Table.Td>
                  <Table.Td className="number">{count.format(commit.transfers)}</Table.Td>
                  <Table.Td className="number">{count.format(commit.firstSequence)} – {count.format(commit.lastSequence)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}
