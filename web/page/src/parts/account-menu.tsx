import { useRef, useState } from 'preact/hooks';
import { useDesk, usePage, useStore } from '../page.ts';
import type { ThemeChoice } from '../theme.ts';
import { Avatar } from './avatar.tsx';
import { Dialog } from './dialog.tsx';
import { Field, FormError } from './field.tsx';
import { Popover } from './popover.tsx';
import { DialogButtons } from './room-dialogs.tsx';
import { useTask } from './use-task.ts';

const themes: { key: ThemeChoice; label: string }[] = [
  { key: 'system', label: 'System' },
  { key: 'light', label: 'Light' },
  { key: 'dark', label: 'Dark' },
];

/** Who is signed in, and what they can do about it. */
export function AccountMenu() {
  const page = usePage();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const user = useStore(page.session).user;
  if (!user) return null;
  const name = user.display_name || user.username;
  return (
    <>
      <button
        ref={button}
        type="button"
        class="account"
        aria-label="Account"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Avatar name={name} />
        <span class="account-name" data-name={name} />
      </button>
      {open && (
        <Popover anchor={button} label="Account" onClose={() => setOpen(false)}>
          <p class="popover-head">
            <strong>{name}</strong>
            <span class="hint">
              {user.username} · {user.email}
            </span>
          </p>
          <ThemeSwitch />
          <button
            type="button"
            class="menu-item"
            onClick={() => {
              setOpen(false);
              setEditing(true);
            }}
          >
            Edit profile
          </button>
          <button type="button" class="menu-item" onClick={() => void page.signOut()}>
            Sign out
          </button>
        </Popover>
      )}
      {editing && <EditProfile onClose={() => setEditing(false)} />}
    </>
  );
}

function ThemeSwitch() {
  const theme = useStore(usePage().theme);
  return (
    <div class="segments" role="radiogroup" aria-label="Theme">
      {themes.map(({ key, label }) => (
        <label key={key}>
          <input type="radio" name="theme" checked={theme.choice === key} onChange={() => theme.choose(key)} />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}

function EditProfile({ onClose }: { onClose: () => void }) {
  const { session } = usePage();
  const { parley } = useDesk();
  const [displayName, setDisplayName] = useState(session.user?.display_name ?? '');
  const [email, setEmail] = useState(session.user?.email ?? '');
  const { busy, failure, run } = useTask();
  const save = async () => {
    session.update(await parley.api.updateProfile({ display_name: displayName.trim(), email: email.trim() }));
    onClose();
  };
  return (
    <Dialog title="Edit profile" onClose={onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          void run(save);
        }}
      >
        <Field
          label="Display name"
          hint="Empty: your user name."
          autoComplete="name"
          maxLength={150}
          value={displayName}
          onValue={setDisplayName}
        />
        <Field label="E-mail" type="email" autoComplete="email" required value={email} onValue={setEmail} />
        <FormError text={failure} />
        <DialogButtons submit="Save" busy={busy} onClose={onClose} />
      </form>
    </Dialog>
  );
}
