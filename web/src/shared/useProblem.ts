import { useCallback } from 'react';
import { ApiError, NetworkError } from '../api/client';
import { useI18n } from '../i18n';

/** Turns whatever a request threw into a sentence for people. */
export function useProblemText(): (error: unknown) => string {
  const { t, status } = useI18n();
  return useCallback(
    (error: unknown) => {
      if (error instanceof NetworkError) {
        return t('error.network');
      }
      if (error instanceof ApiError) {
        const known = status(error.code);
        const text = known ?? error.problem.detail ?? error.problem.title ?? t('error.unknown', { status: error.status });
        return error.status >= 500 && error.problem.traceId ? `${text} ${t('error.trace', { id: error.problem.traceId })}` : text;
      }
      return error instanceof Error ? error.message : String(error);
    },
    [t, status],
  );
}

/** The messages of a problem by field: "$.amountMinor" and "$.amountMinor[0]" both belong to amountMinor. */
export function fieldErrors(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (error instanceof ApiError) {
    for (const { path, message } of error.problem.errors ?? []) {
      const name = /^\$?\.?([A-Za-z]\w*)/.exec(path)?.[1];
      if (name !== undefined) {
        found[name] ??= message;
      }
    }
  }
  return found;
}
