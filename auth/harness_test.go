package auth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
	"parley/store"
	"parley/store/sqlite"
)

// cheap keeps the tests quick: what they prove does not depend on the cost.
func cheap() auth.Argon2 { return auth.Argon2{MemoryKiB: 8, Passes: 1, Lanes: 1} }

// bench is a Service on a real store, and what it told its observers.
type bench struct {
	*auth.Service
	store   *sqlite.Store
	clock   *clock
	observe *observer
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: sqlite.MemoryPath})
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := s.Close(); !errors.Is(err, store.ErrClosed) { // closed by the test
			require.NoError(t, err)
		}
	})
	b := &bench{store: s, clock: &clock{now: time.Now()}, observe: &observer{}}
	b.Service = auth.New(auth.Config{
		Argon2: cheap(), Now: b.clock.Now, Revoker: b.observe, Meter: b.observe,
	}, s)
	return b
}

// register makes an account that is called name throughout.
func (b *bench) register(t *testing.T, name string) (token string, who auth.Identity) {
	t.Helper()
	token, _, err := b.Register(t.Context(), registration(name))
	require.NoError(t, err)
	who, err = b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	return token, who
}

func registration(name string) auth.Registration {
	return auth.Registration{Username: name, Email: name + "@example.com", Password: "password of " + name}
}

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

type observer struct {
	mu       sync.Mutex
	logins   []string
	hashes   int // begun
	hashing  int // now
	loggedIn []int64
	changed  []int64
}

func (o *observer) Login(result string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.logins = append(o.logins, result)
}

func (o *observer) Hashing(delta int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hashing += delta
	o.hashes += max(0, delta)
}

func (o *observer) LoggedOut(tokenID int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.loggedIn = append(o.loggedIn, tokenID)
}

func (o *observer) ProfileChanged(userID int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.changed = append(o.changed, userID)
}

// stub is a store that knows one user, in memory; calls that a test does not
// expect fail on the nil interface.
type stub struct {
	auth.Store
	user store.User
	err  error
}

func (s *stub) UserByName(context.Context, string) (store.User, error)  { return s.user, s.err }
func (s *stub) UserByEmail(context.Context, string) (store.User, error) { return s.user, s.err }

func (s *stub) CreateToken(context.Context, int64, store.Hash) (store.Token, error) {
	return store.Token{ID: 1, User: s.user}, s.err
}

func (s *stub) CreateUser(_ context.Context, u store.NewUser) (store.Token, error) {
	s.user = store.User{
		ID: 1, Username: u.Username, Email: u.Email, DisplayName: u.DisplayName, PasswordHash: u.PasswordHash,
	}
	return store.Token{ID: 1, User: s.user}, s.err
}

func requireCode(t *testing.T, want protocol.Code, err error) {
	t.Helper()
	_ = refusal(t, want, err)
}

// refusal is the error that a client sees, which must have this code.
func refusal(t *testing.T, want protocol.Code, err error) *protocol.Error {
	t.Helper()
	var e *protocol.Error
	require.ErrorAs(t, err, &e, "want a protocol.Error with code %s", want)
	require.Equal(t, want, e.Code, "%v", err)
	return e
}

func fields(e *protocol.Error) []string {
	names := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		names[i] = f.Field
	}
	return names
}
