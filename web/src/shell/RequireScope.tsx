import type { ReactNode } from 'react';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { useSession } from './session';

/** Saves a request that would be refused. The server decides; this only says it in words. */
export function RequireScope({ scope, children }: { scope: string; children: ReactNode }) {
  const { t } = useI18n();
  const { can } = useSession();
  return can(scope) ? children : <EmptyState heading title={t('app.noAccess')} text={t('app.noAccessHint', { scope })} />;
}
