import { useState } from 'preact/hooks';
import { usePage, useStore } from '../page.ts';
import { Field, FormError } from '../parts/field.tsx';
import { Sign } from '../parts/icon.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useTask } from '../parts/use-task.ts';

const tabs = [
  { key: 'in', label: 'Sign in' },
  { key: 'up', label: 'Sign up' },
] as const;

/** What a visitor sees. */
export function SignedOut() {
  const { router } = usePage();
  const { route } = useStore(router);
  const [tab, setTab] = useState<'in' | 'up'>('in');
  return (
    <main class="signed-out">
      <div class="card">
        <header class="brand">
          <Sign />
          <h1>Parley</h1>
          <p>
            {route.name === 'join'
              ? 'You are invited to a room. Sign in to join it.'
              : 'Talk, write and see each other.'}
          </p>
        </header>
        <Tabs label="Account" tabs={tabs} chosen={tab} panel="account-form" onChoose={setTab} />
        <div id="account-form" role="tabpanel" aria-label={tab === 'in' ? 'Sign in' : 'Sign up'}>
          {tab === 'in' ? <SignIn key="in" /> : <SignUp key="up" />}
        </div>
      </div>
    </main>
  );
}

function SignIn() {
  const { session } = usePage();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, failure, run } = useTask();
  return (
    <form
      class="form"
      onSubmit={(e) => {
        e.preventDefault();
        void run(() => session.signIn(name.trim(), password));
      }}
    >
      <Field
        label="User name"
        hint="Or your e-mail address."
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        required
        value={name}
        onValue={setName}
      />
      <Field
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onValue={setPassword}
      />
      <FormError text={failure} />
      <button type="submit" class="button button-primary" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}

function SignUp() {
  const { session } = usePage();
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, failure, run } = useTask();
  const account = {
    username: username.trim(),
    email: email.trim(),
    password,
    ...(displayName.trim() ? { display_name: displayName.trim() } : {}),
  };
  return (
    <form
      class="form"
      onSubmit={(e) => {
        e.preventDefault();
        void run(() => session.signUp(account));
      }}
    >
      <Field
        label="User name"
        hint="Letters, digits and @ . + - _"
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        maxLength={150}
        required
        value={username}
        onValue={setUsername}
      />
      <Field label="E-mail" type="email" autoComplete="email" required value={email} onValue={setEmail} />
      <Field
        label="Display name"
        hint="Optional. What others see."
        autoComplete="name"
        maxLength={150}
        value={displayName}
        onValue={setDisplayName}
      />
      <Field
        label="Password"
        hint="At least 8 characters."
        type="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
        value={password}
        onValue={setPassword}
      />
      <FormError text={failure} />
      <button type="submit" class="button button-primary" disabled={busy}>
        Create account
      </button>
    </form>
  );
}
