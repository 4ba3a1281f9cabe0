import { Alert, Badge, Button, Collapse, Group, Menu, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api } from '../api/client';
import type { AuditEntry, AuditVerification } from '../api/types';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { Icon } from '../shared/icons';
import { LoadMore, SkeletonRows } from '../shared/ListParts';
import { LoadError } from '../shared/LoadError';
import { Time } from '../shared/Time';
import { fromLocalInput, toLocalInput } from '../shared/time';
import { usePages } from '../shared/usePages';
import { useProblemText } from '../shared/useProblem';
import { useTitle } from '../shared/useTitle';
import { auditKinds, isAuditKind } from './auditKinds';

const filterNames = ['from', 'to', 'kind', 'actor', 'subject'] as const;
type FilterName = (typeof filterNames)[number];
const pollMilliseconds = 1_000;

/** The filters live in the address, so that a view can be kept, shared and walked back to. */
function useFilters() {
  const [parameters, setParameters] = useSearchParams();
  const values = Object.fromEntries(filterNames.map((name) => [name, parameters.get(name) ?? ''])) as Record<FilterName, string>;
  const set = (name: FilterName, value: string | null) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      if (value) {
        next.set(name, value);
      } else {
        next.delete(name);
      }
      return next;
    }, { replace: true });
  return { values, set, clear: () => setParameters({}, { replace: true }), any: filterNames.some((name) => values[name] !== '') };
}

type FilterState = ReturnType<typeof useFilters>;

export default function AuditPage() {
  const { t } = useI18n();
  useTitle(t('audit.title'));
  const filters = useFilters();
  const { values } = filters;
  const list = usePages(JSON.stringify(values), (cursor, signal) => api.audit({ ...values, cursor, limit: 50 }, signal));
  const [shown, { toggle }] = useDisclosure(filters.any);
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{t('audit.title')}</Title>
        <Group gap="xs">
          {!wide && (
            <Button variant="default" leftSection={<Icon name="filter" size={16} />} aria-expanded={shown} onClick={toggle}>
              {t('audit.filters')}
            </Button>
          )}
          <ExportMenu values={values} />
        </Group>
      </Group>
      <Verification />
      {wide ? <Filters filters={filters} /> : <Collapse expanded={shown}><Filters filters={filters} /></Collapse>}
      {list.error !== null && <LoadError error={list.error} onRetry={list.reload} />}
      <div className="panel table-panel" tabIndex={0} role="region" aria-label={t('audit.title')}>
        {list.items?.length === 0 ? <EmptyState title={t('audit.empty')} text={t('audit.emptyText')} /> : (
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th className="number">{t('audit.sequence')}</Table.Th>
                <Table.Th>{t('audit.time')}</Table.Th>
                <Table.Th>{t('audit.kind')}</Table.Th>
                <Table.Th>{t('audit.actor')}</Table.Th>
                <Table.Th>{t('audit.subject')}</Table.Th>
                <Table.Th>{t('audit.target')}</Table.Th>
                <Table.Th>{t('audit.details')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items === null && list.error === null && <SkeletonRows columns={7} />}
              {list.items?.map((entry) => <EntryRow key={entry.id} entry={entry} />)}
            </Table.Tbody>
          </Table>
        )}
      </div>
      <LoadMore list={list} />
    </Stack>
  );
}

function EntryRow({ entry }: { entry: AuditEntry }) {
  const { t } = useI18n();
  const details = Object.entries(entry.details ?? {});
  return (
    <Table.Tr>
      <Table.Td className="number">{String(entry.sequence)}</Table.Td>
      <Table.Td><Time value={entry.occurredAt} /></Table.Td>
      <Table.Td>{isAuditKind(entry.kind) ? t(`audit.kind.${entry.kind}`) : entry.kind}</Table.Td>
      <Table.Td><span className="mono">{entry.actor}</span></Table.Td>
      <Table.Td><div className="ellipsis mono" title={entry.subject ?? undefined}>{entry.subject}</div></Table.Td>
      <Table.Td><div className="ellipsis mono" title={entry.target ?? undefined}>{entry.target}</div></Table.Td>
      <Table.Td>
        {entry.isErased ? (
          <Badge variant="outline" color="gray" tt="none" fw={500} title={t('audit.erasedHint')}>{t('audit.erased')}</Badge>
        ) : details.map(([name, value]) => (
          <Text key={name} size="xs" className="ellipsis" title={`${name}: ${value}`}><Text span inherit c="dimmed">{name}:</Text> {value}</Text>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}

function Filters({ filters }: { filters: FilterState }) {
  const { t } = useI18n();
  const { values, set, clear, any } = filters;
  return (
    <div className="filters">
      <Select
        label={t('audit.kind')} placeholder={t('audit.anyKind')} value={values.kind || null} clearable searchable
        data={auditKinds.map((kind) => ({ value: kind, label: t(`audit.kind.${kind}`) }))} onChange={(value) => set('kind', value)}
      />
      <LazyInput label={t('audit.actor')} value={values.actor} onChange={(value) => set('actor', value)} />
      <LazyInput label={t('audit.subject')} value={values.subject} onChange={(value) => set('subject', value)} />
      <TextInput
        type="datetime-local" label={t('audit.from')} value={toLocalInput(values.from)}
        onChange={(event) => set('from', fromLocalInput(event.currentTarget.value))}
      />
      <TextInput
        type="datetime-local" label={t('audit.to')} value={toLocalInput(values.to)}
        onChange={(event) => set('to', fromLocalInput(event.currentTarget.value))}
      />
      {any && <Button variant="default" onClick={clear}>{t('audit.clear')}</Button>}
    </div>
  );
}

/** Searches when the field is left or Enter is pressed, not with each letter. */
function LazyInput({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => {
    if (text.trim() !== value) {
      onChange(text.trim());
    }
  };
  return (
    <TextInput
      label={label} value={text} maxLength={100} onChange={(event) => setText(event.currentTarget.value)} onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

function ExportMenu({ values }: { values: Record<FilterName, string> }) {
  const { t } = useI18n();
  const link = (format: string) => {
    const query = new URLSearchParams({ format });
    for (const name of filterNames) {
      if (values[name] !== '') {
        query.set(name, values[name]);
      }
    }
    return `/v1/audit/export?${query}`;
  };
  return (
    <Menu>
      <Menu.Target><Button variant="default">{t('audit.export')}</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={link('jsonl')} download>{t('audit.exportJson')}</Menu.Item>
        <Menu.Item component="a" href={link('csv')} download>{t('audit.exportCsv')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Verification() {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [state, setState] = useState<AuditVerification | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const run = useCallback((ask: () => Promise<AuditVerification>) => {
    ask().then(
      (answer) => {
        setFailure(null);
        setState(answer);
      },
      (error: unknown) => setFailure(problemText(error)),
    );
  }, [problemText]);
  const running = state?.isRunning === true;
  useEffect(() => {
    const controller = new AbortController();
    api.auditVerification(controller.signal).then(setState, () => undefined);
    return () => controller.abort();
  }, []);
  useEffect(() => {
    if (!running) {
      return undefined;
    }
    const timer = setInterval(() => run(() => api.auditVerification()), pollMilliseconds);
    return () => clearInterval(timer);
  }, [running, run]);
  const fault = state?.result?.fault;
  return (
    <Group gap="xs" role="status">
      {failure !== null && <Alert color="red" role="alert" p="xs">{failure}</Alert>}
      {fault ? (
        <Alert color="red" role="alert" p="xs">{t('audit.fault', { sequence: String(fault.sequence), text: fault.text })}</Alert>
      ) : (
        <Text size="sm" c="dimmed">
          {state?.result
            ? t('audit.good', { entries: String(state.result.entries), checkpoints: String(state.result.checkpoints) })
            : t('audit.never')}
        </Text>
      )}
      {state?.verifiedAt && <Text size="sm" c="dimmed">{t('audit.verifiedAt')} <Time value={state.verifiedAt} /></Text>}
      <Button size="compact-sm" variant="default" loading={running} onClick={() => run(() => api.verifyAudit())}>
        {t(running ? 'audit.verifying' : 'audit.verify')}
      </Button>
    </Group>
  );
}
