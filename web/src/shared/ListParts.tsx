import { Button, Center, Skeleton, Table } from '@mantine/core';
import { useI18n } from '../i18n';
import type { PagedList } from './usePages';

export function SkeletonRows({ columns, rows = 8 }: { columns: number; rows?: number }) {
  return Array.from({ length: rows }, (_row, row) => (
    <Table.Tr key={row} aria-hidden="true">
      {Array.from({ length: columns }, (_column, column) => (
        <Table.Td key={column}><Skeleton height={12} my={4} width={`${55 + ((row * 7 + column * 13) % 40)}%`} /></Table.Td>
      ))}
    </Table.Tr>
  ));
}

export function LoadMore<T>({ list }: { list: PagedList<T> }) {
  const { t } = useI18n();
  return list.hasMore && list.items !== null ? (
    <Center><Button variant="default" loading={list.loading} onClick={list.loadMore}>{t('app.loadMore')}</Button></Center>
  ) : null;
}
