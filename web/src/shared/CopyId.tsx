import { ActionIcon, CopyButton, Group } from '@mantine/core';
import { useI18n } from '../i18n';
import { Icon } from './icons';

export function CopyId({ id }: { id: string }) {
  const { t } = useI18n();
  return (
    <Group gap={4} wrap="nowrap">
      <span className="mono">{id}</span>
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`${t(copied ? 'app.copied' : 'app.copy')} ${id}`}>
            <Icon name={copied ? 'check' : 'copy'} size={14} />
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
}
