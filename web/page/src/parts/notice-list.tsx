import type { Notice, Notices } from '../notices.ts';
import { useStore } from '../page.ts';
import { IconButton } from './button.tsx';

/** What the page has to tell, over everything else. */
export function NoticeList({ notices }: { notices: Notices }) {
  const { list } = useStore(notices);
  const of = (kind: Notice['kind']) =>
    list
      .filter((notice) => notice.kind === kind)
      .map((notice) => <NoticeItem key={notice.id} notice={notice} onDismiss={() => notices.dismiss(notice.id)} />);
  return (
    <div class="notices">
      {of('alert')}
      {/* Always there: screen readers hear what comes into a status, not one that comes. */}
      <div role="status">{of('info')}</div>
    </div>
  );
}

function NoticeItem({ notice, onDismiss }: { notice: Notice; onDismiss: () => void }) {
  return (
    <div class={`notice notice-${notice.kind}`} role={notice.kind === 'alert' ? 'alert' : undefined}>
      <p>{notice.text}</p>
      <IconButton icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}
