import { ActionIcon, CopyButton, Group } from '@mantine/core';
import { useI18n } from '../i18n';
import { Icon } from '../shared/icons';

/** A secret that is shown this once, to be copied. */
export function ShownSecret({ value }: { value: string }) {
  const { t } = useI18n();
  return (
    <Group gap="xs" wrap="nowrap">
      <code className="mono panel" style={{ padding: '8px 10px', flex: 1, overflowWrap: 'anywhere' }}>{value}</code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon variant="default" size={36} onClick={copy} aria-label={t(copied ? 'app.copied' : 'app.copy')}>
            <Icon name={copied ? 'check' : 'copy'} />
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
}
