import { useStore } from '../page.ts';
import type { Connection } from '../stores/connection.ts';
import { degraded } from '../words.ts';
import { Spinner } from './button.tsx';

/** Tells that the connection is lost, or that the server does without something. */
export function Banner({ connection }: { connection: Connection }) {
  useStore(connection);
  const missing = connection.degraded.map((reason) => degraded[reason]).filter(Boolean);
  return (
    <div class="banner" role="status">
      {connection.lost && (
        <p>
          <Spinner />
          Reconnecting…
        </p>
      )}
      {!connection.lost && missing.length > 0 && <p>{missing.join(' ')}</p>}
    </div>
  );
}
