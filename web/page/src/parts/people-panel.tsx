import type { Participant } from 'parley-client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useDesk, usePage, useStore } from '../page.ts';
import type { RoomStore } from '../stores/room.ts';
import { words } from '../words.ts';
import { Avatar } from './avatar.tsx';
import { IconButton } from './button.tsx';
import { Field, FormError } from './field.tsx';
import { Popover } from './popover.tsx';
import { RoomSettings } from './room-settings.tsx';
import { useTask } from './use-task.ts';

interface Props {
  room: RoomStore;
  onClose: () => void;
}

/** Who is in the room, and what can be done about it. */
export function PeoplePanel({ room, onClose }: Props) {
  const info = useStore(useDesk().rooms).get(room.id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    void room.people.load();
    heading.current?.focus();
  }, []);
  const mine = info?.owner.id === room.me;
  return (
    <aside
      class="people"
      aria-label="People"
      onKeyDown={(e) => {
        // In a menu or a dialog of the panel's, Escape is theirs.
        if (e.key === 'Escape' && !(e.target as Element).closest('[popover], dialog')) onClose();
      }}
    >
      <header class="people-head">
        <h2 ref={heading} tabIndex={-1}>
          People
        </h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <div class="people-body">
        {mine && <AddPerson room={room} />}
        {room.people.failure && (
          <div class="people-failure" role="alert">
            <p class="hint">{room.people.failure}</p>
            <button type="button" class="button" onClick={() => void room.people.load()}>
              Try again
            </button>
          </div>
        )}
        <ul class="people-list">
          {room.people.list.map((person) => (
            <Person key={person.id} room={room} person={person} mine={mine} />
          ))}
        </ul>
        {info && <RoomSettings key={info.name} room={room} info={info} mine={mine} />}
      </div>
    </aside>
  );
}

function AddPerson({ room }: { room: RoomStore }) {
  const [name, setName] = useState('');
  const { busy, failure, run } = useTask();
  const add = async () => {
    if (await run(() => room.people.add(name.trim()))) setName('');
  };
  return (
    <form
      class="add-person"
      onSubmit={(e) => {
        e.preventDefault();
        void add();
      }}
    >
      <Field
        label="Add by user name"
        required
        autoComplete="off"
        autoCapitalize="none"
        spellcheck={false}
        value={name}
        onValue={setName}
      />
      <button type="submit" class="button" disabled={busy}>
        Add
      </button>
      <FormError text={failure} />
    </form>
  );
}

function Person({ room, person, mine }: { room: RoomStore; person: Participant; mine: boolean }) {
  const name = person.display_name || person.username;
  const online = room.people.isOnline(person.id);
  return (
    <li class="person">
      <Avatar name={name} online={online} />
      <span class="row-text">
        <strong>
          {name}
          {person.id === room.me && ' (you)'}
        </strong>
        <span class="hint">
          {[person.role === 'owner' && 'Owner', online ? 'Online' : 'Offline'].filter(Boolean).join(' · ')}
        </span>
      </span>
      {mine && person.id !== room.me && <PersonActions room={room} person={person} name={name} />}
    </li>
  );
}

/** What the room's owner may do about somebody in it. */
function PersonActions({ room, person, name }: { room: RoomStore; person: Participant; name: string }) {
  const { notices } = usePage();
  const { rooms } = useDesk();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const attempt = (task: () => Promise<unknown>) => {
    setOpen(false);
    task().catch((error) => notices.alert(words(error)));
  };
  const handOver = async () => {
    await rooms.change(room.id, { owner_id: person.id });
    await room.people.load();
  };
  return (
    <>
      <IconButton
        ref={button}
        icon="more"
        label={`Actions for ${name}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Popover anchor={button} role="menu" label={`Actions for ${name}`} onClose={() => setOpen(false)}>
          <button type="button" role="menuitem" class="menu-item" onClick={() => attempt(handOver)}>
            Make owner
          </button>
          <button
            type="button"
            role="menuitem"
            class="menu-item menu-item-danger"
            onClick={() => attempt(() => room.people.remove(person.id))}
          >
            Remove from the room
          </button>
        </Popover>
      )}
    </>
  );
}
