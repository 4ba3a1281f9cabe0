import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { api, ApiError, setUnauthenticatedHandler } from '../api/client';
import type { Session, SignIn } from '../api/types';

// Says only that a session was opened here once. Without it the page does not ask, so a first visit does not begin with a 401.
const hintKey = 'iskra.session';

export type SessionState = { kind: 'loading' } | { kind: 'signedOut' } | { kind: 'failed' } | { kind: 'signedIn'; session: Session };

interface SessionValue {
  state: SessionState;
  can: (scope: string) => boolean;
  signIn: (credentials: SignIn) => Promise<void>;
  signOut: () => Promise<void>;
  retry: () => void;
}

const SessionContext = createContext<SessionValue | null>(null);

function hasHint(): boolean {
  try {
    return localStorage.getItem(hintKey) !== null;
  } catch {
    return true;
  }
}

function setHint(on: boolean): void {
  try {
    if (on) {
      localStorage.setItem(hintKey, '1');
    } else {
      localStorage.removeItem(hintKey);
    }
  } catch {
    // Without storage every visit asks the server.
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>(() => (hasHint() ? { kind: 'loading' } : { kind: 'signedOut' }));
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    setUnauthenticatedHandler(() => {
      setHint(false);
      setState({ kind: 'signedOut' });
    });
  }, []);

  useEffect(() => {
    if (!hasHint()) {
      return;
    }
    let current = true;
    api.session().then(
      (session) => current && setState({ kind: 'signedIn', session }),
      (error: unknown) => {
        if (current) {
          const refused = error instanceof ApiError && error.status === 401;
          if (refused) {
            setHint(false);
          }
          setState({ kind: refused ? 'signedOut' : 'failed' });
        }
      },
    );
    return () => {
      current = false;
    };
  }, [attempt]);

  const signIn = useCallback(async (credentials: SignIn) => {
    const session = await api.signIn(credentials);
    setHint(true);
    setState({ kind: 'signedIn', session });
  }, []);

  const signOut = useCallback(async () => {
    await api.signOut();
    setHint(false);
    setState({ kind: 'signedOut' });
  }, []);

  const retry = useCallback(() => {
    setState({ kind: 'loading' });
    setAttempt((n) => n + 1);
  }, []);

  const value = useMemo<SessionValue>(() => {
    const scopes = state.kind === 'signedIn' ? state.session.scopes : [];
    return { state, can: (scope) => scopes.includes(scope) || (scope !== 'system' && scopes.includes('admin')), signIn, signOut, retry };
  }, [state, signIn, signOut, retry]);

  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSession(): SessionValue {
  const value = useContext(SessionContext);
  if (value === null) {
    throw new Error('SessionProvider is missing');
  }
  return value;
}
