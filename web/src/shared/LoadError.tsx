import { Alert, Button, Group, Text } from '@mantine/core';
import { useI18n } from '../i18n';
import { useProblemText } from './useProblem';

export function LoadError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useI18n();
  const problemText = useProblemText();
  return (
    <Alert color="red" role="alert" p="xs" my="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t('app.loadFailed')} {problemText(error)}</Text>
        <Button size="compact-sm" variant="default" onClick={onRetry}>{t('app.retry')}</Button>
      </Group>
    </Alert>
  );
}
