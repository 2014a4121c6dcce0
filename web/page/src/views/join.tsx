import { useEffect } from 'preact/hooks';
import { useDesk, usePage } from '../page.ts';
import { Spinner } from '../parts/button.tsx';
import { useTask } from '../parts/use-task.ts';
import { href } from '../router.ts';

const own = { not_found: 'This room does not exist, or it is private. If it is, ask its owner to add you.' };

/** Joins the room that a link names, and goes there. */
export function JoinByLink({ id }: { id: number }) {
  const { router } = usePage();
  const desk = useDesk();
  const { failure, run } = useTask(own);
  const join = () =>
    void run(async () => {
      await desk.rooms.join(id);
      // It may be known as one that could not be opened.
      desk.forget(id);
      const { route } = router;
      if (route.name === 'join' && route.id === id) router.go({ name: 'room', id }, { replace: true });
    });
  useEffect(join, [id]);
  if (failure === undefined) {
    return (
      <div class="empty" role="status">
        <Spinner />
        <p>Joining the room…</p>
      </div>
    );
  }
  return (
    <div class="empty">
      <h1>This room cannot be joined</h1>
      <p role="alert">{failure}</p>
      <div class="buttons">
        <a class="button" href={href({ name: 'home' })}>
          Back to the rooms
        </a>
        <button type="button" class="button button-primary" onClick={join}>
          Try again
        </button>
      </div>
    </div>
  );
}
