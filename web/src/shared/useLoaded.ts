import { useCallback, useEffect, useState } from 'react';

export interface Loaded<T> {
  value: T | null;
  error: unknown;
  reload: () => void;
}

/** One value from the server; a new key asks again, `reload` keeps the old value until the new one is there. */
export function useLoaded<T>(key: string, fetchValue: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; value: T | null; error: unknown }>({ key, value: null, error: null });
  const [generation, setGeneration] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    fetchValue(controller.signal).then(
      (value) => !controller.signal.aborted && setState({ key, value, error: null }),
      (error: unknown) => !controller.signal.aborted && setState((old) => ({ key, value: old.key === key ? old.value : null, error })),
    );
    return () => controller.abort();
    // The key stands for everything that the function reads.
  }, [key, generation]);

  const reload = useCallback(() => setGeneration((n) => n + 1), []);
  return state.key === key ? { value: state.value, error: state.error, reload } : { value: null, error: null, reload };
}
