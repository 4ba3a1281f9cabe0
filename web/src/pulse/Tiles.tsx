import { useMemo, type ReactNode } from 'react';
import type { PulseNow } from '../api/types';
import { useI18n } from '../i18n';
import { pulseFormats, type PulseFormats } from './format';
import { usePulse } from './store';

type Read = (now: PulseNow, formats: PulseFormats) => string;

/** One number. It renders again only when its text changes. */
function Value({ read, formats }: { read: Read; formats: PulseFormats }): ReactNode {
  return usePulse((store) => (store.now === null ? '–' : read(store.now, formats)));
}

function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}

export function Tiles() {
  const { t, locale } = useI18n();
  const formats = useMemo(() => pulseFormats(locale), [locale]);
  const value = (read: Read) => <Value read={read} formats={formats} />;
  return (
    <dl className="tiles" style={{ margin: 0 }}>
      <div className="panel tile">
        <dt>{t('pulse.tps')}</dt>
        <dd data-testid="tps">{value((now, f) => f.rate(now.transactionsPerSecond))}</dd>
        <dd><small>{value((now, f) => t('pulse.requests', { value: f.rate(now.requestsPerSecond) }))}</small></dd>
      </div>
      <div className="panel tile wide">
        <dt>{t('pulse.latency')}</dt>
        <dd className="triple">
          <span>{value((now, f) => orDash(now.p50Ms, f.milliseconds))}<br /><small>p50</small></span>
          <span>{value((now, f) => orDash(now.p95Ms, f.milliseconds))}<br /><small>p95</small></span>
          <span>{value((now, f) => orDash(now.p99Ms, f.milliseconds))}<br /><small>p99</small></span>
        </dd>
      </div>
      <div className="panel tile">
        <dt>{t('pulse.errors')}</dt>
        <dd>{value((now, f) => f.ratio(now.errorRate))}</dd>
      </div>
      <div className="panel tile">
        <dt>{t('pulse.queue')}</dt>
        <dd>{value((now, f) => f.count(now.queueDepth))}</dd>
        <dd><small>{value((now, f) => t('pulse.queueOf', { capacity: f.count(now.queueCapacity) }))}</small></dd>
      </div>
      <div className="panel tile">
        <dt>{t('pulse.cpu')}</dt>
        <dd>{value((now, f) => f.percent(now.cpuPercent))}</dd>
      </div>
      <div className="panel tile">
        <dt>{t('pulse.memory')}</dt>
        <dd>{value((now, f) => f.bytes(now.memoryBytes))}</dd>
      </div>
      <div className="panel tile">
        <dt>{t('pulse.total')}</dt>
        <dd data-testid="total">{value((now, f) => f.total(now.transfersTotal))}</dd>
      </div>
    </dl>
  );
}
