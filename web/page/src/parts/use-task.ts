import { useCallback, useState } from 'preact/hooks';
import { words } from '../words.ts';

/** Runs what may fail: whether it is running, and why it failed in words. */
export function useTask(own?: Record<string, string>) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = useCallback(
    async (task: () => Promise<unknown>): Promise<boolean> => {
      setBusy(true);
      setFailure(undefined);
      try {
        await task();
        return true;
      } catch (error) {
        setFailure(words(error, own));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [own],
  );
  return { busy, failure, run };
}
