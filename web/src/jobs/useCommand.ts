import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useI18n } from '../i18n';
import { useProblemText } from '../shared/useProblem';

/** Runs one command at a time and says how it went. */
export function useCommand(onChanged: () => void) {
  const { t } = useI18n();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const run = async (command: () => Promise<string>) => {
    setBusy(true);
    try {
      const message = await command();
      notifications.show({ message, closeButtonProps: { 'aria-label': t('app.close') } });
    } catch (error) {
      notifications.show({ message: problemText(error), color: 'red', closeButtonProps: { 'aria-label': t('app.close') } });
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  return { busy, run };
}
