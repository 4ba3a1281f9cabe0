import { Badge } from '@mantine/core';
import type { TransferKind } from '../api/types';
import { useI18n } from '../i18n';

export function KindBadge({ kind }: { kind: TransferKind }) {
  const { t } = useI18n();
  return <Badge className={`kind ${kind}`} variant="default" tt="none" fw={500} radius="sm">{t(`transfers.kind.${kind}`)}</Badge>;
}
