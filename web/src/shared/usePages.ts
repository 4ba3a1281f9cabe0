import { useCallback, useEffect, useRef, useState } from 'react';
import type { Page } from '../api/types';

export interface PagedList<T> {
  /** Null until the first page came. */
  items: T[] | null;
  error: unknown;
  loading: boolean;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
}

/** A list read page by page with the server's opaque cursor. A change of the key starts anew and drops answers that come late. */
export function usePages<T>(key: string, fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>): PagedList<T> {
  const [items, setItems] = useState<T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const [generation, setGeneration] = useState(0);
  const abort = useRef<AbortController | null>(null);
  const fetchRef = useRef(fetchPage);
  useEffect(() => {
    fetchRef.current = fetchPage;
  });

  const load = useCallback((from: string | null) => {
    abort.current?.abort();
    const controller = new AbortController();
    abort.current = controller;
    setLoading(true);
    setError(null);
    fetchRef.current(from, controller.signal).then(
      (page) => {
        if (!controller.signal.aborted) {
          setItems((before) => (from === null ? page.items : [...(before ?? []), ...page.items]));
          setCursor(page.nextCursor);
          setLoading(false);
        }
      },
      (reason: unknown) => {
        if (!controller.signal.aborted) {
          setError(reason);
          setLoading(false);
        }
      },
    );
  }, []);

  useEffect(() => {
    setItems(null);
    load(null);
    return () => abort.current?.abort();
  }, [key, load]);

  useEffect(() => {
    if (generation > 0) {
      load(null);
    }
  }, [generation, load]);

  const loadMore = useCallback(() => {
    if (cursor !== null) {
      load(cursor);
    }
  }, [cursor, load]);

  return { items, error, loading, hasMore: cursor !== null, loadMore, reload: useCallback(() => setGeneration((n) => n + 1), []) };
}
