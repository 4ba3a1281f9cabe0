import { Button, Center, Stack, Text } from '@mantine/core';
import { useI18n } from '../i18n';
import { Spark } from '../shared/icons';
import { useSession } from './session';

/** The server could not be asked who is signed in. */
export function FailedStart() {
  const { t } = useI18n();
  const { retry } = useSession();
  return (
    <Center h="100dvh" component="main" p="md">
      <Stack align="center" role="alert">
        <Spark size={40} />
        <Text ta="center">{t('error.network')}</Text>
        <Button onClick={retry}>{t('app.retry')}</Button>
      </Stack>
    </Center>
  );
}
