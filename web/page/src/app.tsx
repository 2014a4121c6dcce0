import { useEffect } from 'preact/hooks';
import { type Page, PageProvider, useStore } from './page.ts';
import { NoticeList } from './parts/notice-list.tsx';
import { Home } from './views/home.tsx';
import { SignedOut } from './views/signed-out.tsx';

/** The whole page: who is signed in sees their rooms, who is not is asked in. */
export function App({ page }: { page: Page }) {
  useStore(page);
  useEffect(() => {
    if (!page.desk) document.title = 'Parley';
  }, [page.desk]);
  return (
    <PageProvider value={page}>
      {page.desk ? <Home key={page.session.token} /> : <SignedOut />}
      <NoticeList notices={page.notices} />
    </PageProvider>
  );
}
