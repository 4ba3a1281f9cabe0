import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  text?: string | undefined;
  /** The title is the page's only heading. */
  heading?: boolean;
  children?: ReactNode;
}

export function EmptyState({ title, text, heading = false, children }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <Title order={heading ? 1 : 2}>{title}</Title>
      {text !== undefined && <Text c="dimmed" size="sm" maw={520}>{text}</Text>}
      {children !== undefined && <Group justify="center" mt="sm" gap="sm">{children}</Group>}
    </Stack>
  );
}
