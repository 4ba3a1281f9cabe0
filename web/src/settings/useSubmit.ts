import { useState } from 'react';
import { fieldErrors, useProblemText } from '../shared/useProblem';

/** Sends a form: its button waits, the server's faults go to their fields, the rest is one sentence. */
export function useSubmit() {
  const problemText = useProblemText();
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (found: Record<string, string>, send: () => Promise<void>) => {
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0) {
      return;
    }
    setBusy(true);
    try {
      await send();
    } catch (error) {
      setErrors(fieldErrors(error));
      setFailure(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return { errors, failure, busy, submit };
}
