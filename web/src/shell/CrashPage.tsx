import { Button, Code, Stack, Text, Title } from '@mantine/core';
import { useRouteError } from 'react-router';
import { useI18n } from '../i18n';

/** What a route shows instead of itself when it threw. */
export function CrashPage() {
  const { t } = useI18n();
  const error = useRouteError();
  return (
    <Stack align="flex-start" p="md" role="alert">
      <Title order={1}>{t('app.crashed')}</Title>
      <Text>{t('app.crashedHint')}</Text>
      <Code block>{error instanceof Error ? `${error.name}: ${error.message}` : String(error)}</Code>
      <Button onClick={() => window.location.reload()}>{t('app.reload')}</Button>
    </Stack>
  );
}
