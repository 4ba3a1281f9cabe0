import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useI18n } from '../i18n';
import { EmptyState } from '../shared/EmptyState';
import { useTitle } from '../shared/useTitle';

export function NotFoundPage() {
  const { t } = useI18n();
  useTitle(t('app.notFound'));
  return (
    <EmptyState heading title={t('app.notFound')} text={t('app.notFoundHint')}>
      <Button component={Link} to="/">{t('app.home')}</Button>
    </EmptyState>
  );
}
