import { Alert, Button, Group, Text } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import { ask, isReachable, subscribeReachable } from '../api/connectivity';
import { useI18n } from '../i18n';

export function ConnectionBanner() {
  const { t } = useI18n();
  const reachable = useSyncExternalStore(subscribeReachable, isReachable);
  useEffect(() => {
    const check = () => void ask();
    window.addEventListener('online', check);
    window.addEventListener('offline', check);
    return () => {
      window.removeEventListener('online', check);
      window.removeEventListener('offline', check);
    };
  }, []);
  return (
    <div role="status">
      {!reachable && (
        <Alert color="orange" mb="sm" p="xs" className="panel">
          <Group justify="space-between" gap="xs">
            <Text size="sm">{t('app.offline')}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void ask()}>{t('app.retryNow')}</Button>
          </Group>
        </Alert>
      )}
    </div>
  );
}
