import { Checkbox, Stack } from '@mantine/core';
import { useI18n } from '../i18n';
import type { MessageKey } from '../i18n/en';
import { useSession } from '../shell/session';

const scopes = [
  'admin', 'system', 'audit:read', 'cards:read', 'cards:write', 'dashboards:read', 'jobs:read', 'jobs:write', 'metrics:read',
] as const;
const described: Readonly<Record<(typeof scopes)[number], MessageKey>> = {
  'admin': 'keys.scope.admin',
  'system': 'keys.scope.system',
  'audit:read': 'keys.scope.audit:read',
  'cards:read': 'keys.scope.cards:read',
  'cards:write': 'keys.scope.cards:write',
  'dashboards:read': 'keys.scope.dashboards:read',
  'jobs:read': 'keys.scope.jobs:read',
  'jobs:write': 'keys.scope.jobs:write',
  'metrics:read': 'keys.scope.metrics:read',
};

interface ScopeChoiceProps {
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
  error?: string | undefined;
}

/** The scopes that one may give: the installation's own only by whoever has it. */
export function ScopeChoice({ label, value, onChange, error }: ScopeChoiceProps) {
  const { t } = useI18n();
  const { can } = useSession();
  return (
    <Checkbox.Group label={label} value={value} onChange={onChange} error={error}>
      <Stack gap={8} mt={6}>
        {scopes.filter((scope) => scope !== 'system' || can('system')).map((scope) => (
          <Checkbox key={scope} value={scope} label={scope} description={t(described[scope])} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
