package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// patience is far longer than any answer takes; it only ends a test that hangs.
const patience = 60 * time.Second

// fixture is a store under test and short ways to use it. Its methods fail the
// test where they return no error, and are then for the test's own goroutine.
type fixture struct {
	*testing.T
	ctx   context.Context
	store store.Store
}

func newFixture(t *testing.T, open func(t *testing.T) store.Store) *fixture {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	f := &fixture{T: t, ctx: ctx, store: open(t)}
	t.Cleanup(func() {
		defer cancel()
		if err := f.store.Close(); !errors.Is(err, store.ErrClosed) {
			require.NoError(t, err)
		}
	})
	return f
}

// hash is what a token or ticket of that name is stored as.
func hash(secret string) store.Hash { return sha256.Sum256([]byte(secret)) }

func newUser(name string) store.NewUser {
	return store.NewUser{
		Username:     name,
		Email:        name + "@example.com",
		DisplayName:  "The " + name,
		PasswordHash: "$argon2id$" + name,
		TokenHash:    hash(name),
	}
}

func authorOf(u store.User) store.Author {
	return store.Author{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName}
}

func (f *fixture) user(name string) store.User {
	f.Helper()
	token, err := f.store.CreateUser(f.ctx, newUser(name))
	require.NoError(f, err)
	return token.User
}

// room makes a room with its owner and more participants.
func (f *fixture) room(owner store.User, more ...store.User) store.Room {
	f.Helper()
	r, err := f.store.CreateRoom(f.ctx, store.NewRoom{Name: "room of " + owner.Username, OwnerID: owner.ID})
	require.NoError(f, err)
	for _, u := range more {
		f.join(r, u)
	}
	return r
}

func (f *fixture) join(r store.Room, u store.User) {
	f.Helper()
	added, err := f.store.AddParticipant(f.ctx, r.ID, u.ID)
	require.NoError(f, err)
	require.True(f, added)
}

func (f *fixture) leave(r store.Room, u store.User) {
	f.Helper()
	removed, err := f.store.RemoveParticipant(f.ctx, r.ID, u.ID)
	require.NoError(f, err)
	require.True(f, removed)
}

func (f *fixture) say(r store.Room, u store.User, content string) store.Message {
	f.Helper()
	m, created, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: u.ID, Content: content})
	require.NoError(f, err)
	require.True(f, created)
	return m
}

func (f *fixture) view(r store.Room, u store.User) store.RoomView {
	f.Helper()
	v, err := f.store.RoomFor(f.ctx, r.ID, u.ID)
	require.NoError(f, err)
	return v
}

// tick waits until a new millisecond has begun, so that what is stored next
// is later than what was stored before.
func (f *fixture) tick() {
	for began := time.Now().UnixMilli(); time.Now().UnixMilli() <= began; {
		runtime.Gosched()
	}
}
