package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// RunShared tests a back end whose data several nodes share. Open must return
// so many stores of one new, empty database, and fail the test if it cannot;
// RunShared closes them.
func RunShared(t *testing.T, open func(t *testing.T, stores int) []store.Store) {
	for name, run := range map[string]func(*sharedFixture){
		"everything in few rooms":             sharedMix,
		"a resend to another store":           sharedResend,
		"seen by all once called back":        sharedSight,
		"a ticket and untold calls, one gets": sharedOnce,
	} {
		t.Run(name, func(t *testing.T) {
			const nodes = 3
			f := &sharedFixture{nodes: open(t, nodes)}
			f.fixture = newFixture(t, func(*testing.T) store.Store { return f.nodes[0] })
			t.Cleanup(func() {
				for _, s := range f.nodes[1:] {
					require.NoError(t, s.Close())
				}
			})
			run(f)
		})
	}
}

// sharedFixture's own store is that of the first node.
type sharedFixture struct {
	*fixture
	nodes []store.Store
}

// on is the same test seen from another node.
func (f *sharedFixture) on(node int) *fixture {
	return &fixture{T: f.T, ctx: f.ctx, store: f.nodes[node%len(f.nodes)]}
}

// sharedMix has every node do everything that may be done in a few rooms, with
// many writes outstanding: whoever leaves and joins, whatever is deleted, each
// room that stays has all that was acknowledged, once, in one order.
func sharedMix(f *sharedFixture) {
	ann, ben := f.user("ann"), f.user("ben")
	m := &mix{users: []store.User{ann, ben}, told: make(map[string]store.Message)}
	for range 3 {
		m.rooms = append(m.rooms, f.room(ann, ben))
	}
	m.gone = f.room(ann, ben)
	var wg sync.WaitGroup
	for node := range f.nodes {
		for writer := range 4 {
			wg.Go(func() { m.talk(f.on(node), uint64(10*node+writer)) })
		}
		wg.Go(func() { m.disturb(f.ctx, f.on(node).store, ben, node) })
	}
	wg.Wait()
	for _, problem := range m.problems {
		require.Fail(f, problem)
	}
	stored := make(map[string]store.Message)
	for _, r := range m.rooms {
		room, err := f.store.RoomByID(f.ctx, r.ID)
		require.NoError(f, err)
		for _, message := range f.requireGapFree(r, int(room.LastSeq)) {
			require.NotContains(f, stored, message.ClientMsgID, "stored twice")
			stored[message.ClientMsgID] = message
		}
	}
	for id, told := range m.told {
		require.Equal(f, told.ID, stored[id].ID, "%s was told of as %+v", id, told)
		require.Equal(f, told.Seq, stored[id].Seq, "%s was told of as %+v", id, told)
	}
	require.Len(f, m.told, len(stored), "stored, and nobody was told")
}

// mix is what the writers of sharedMix share.
type mix struct {
	users []store.User
	rooms []store.Room
	gone  store.Room // is deleted in the middle

	mu       sync.Mutex
	told     map[string]store.Message // by client_msg_id, guarded by mu
	problems []string                 // guarded by mu
}

// talk posts, most messages twice, and edits, deletes and reads what it posted.
func (m *mix) talk(f *fixture, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, seed))
	for i := range 60 {
		r, u := m.rooms[rnd.IntN(len(m.rooms))], m.users[rnd.IntN(len(m.users))]
		if rnd.IntN(10) == 0 {
			_, _, err := f.post(store.NewMessage{RoomID: m.gone.ID, AuthorID: u.ID, ClientMsgID: fmt.Sprint(seed, "-", i)})
			m.expect("post to the deleted room", err, store.ErrNotFound, store.ErrNotParticipant)
			continue
		}
		// Several writers of several nodes send the same.
		send := store.NewMessage{RoomID: r.ID, AuthorID: u.ID, ClientMsgID: fmt.Sprintf("%d/%d/%d", r.ID, u.ID, i), Content: "text"}
		message, _, err := f.post(send)
		if m.expect("post", err, store.ErrNotParticipant); err != nil {
			continue
		}
		m.tell(message)
		switch rnd.IntN(4) {
		case 0:
			_, err = f.edit(r.ID, u.ID, message.ID, "edited")
		case 1:
			_, _, err = f.empty(r.ID, u.ID, message.ID)
		case 2:
			_, _, err = f.read(r.ID, u.ID, message.ID)
		}
		m.expect("change", err, store.ErrNotParticipant, store.ErrDeleted)
	}
}

// disturb removes and adds a participant, renames rooms and users, and has the
// first node delete a room.
func (m *mix) disturb(ctx context.Context, s store.Store, u store.User, node int) {
	for i := range 20 {
		for _, r := range m.rooms {
			_, err := s.RemoveParticipant(ctx, r.ID, u.ID)
			m.expect("remove", err)
			name := fmt.Sprint("name ", node, i)
			_, err = s.UpdateRoom(ctx, r.ID, store.RoomChange{Name: &name})
			m.expect("rename", err)
			_, err = s.AddParticipant(ctx, r.ID, u.ID)
			m.expect("add", err)
			m.expect("missed", s.AddMissedCalls(ctx, r.ID, m.users[0].ID, []int64{u.ID}))
			_, err = s.UpdateUser(ctx, u.ID, store.UserChange{DisplayName: &name})
			m.expect("rename", err)
			_, err = s.TakeUntoldCalls(ctx, u.ID, 10)
			m.expect("take", err)
		}
		if i == 10 && node == 0 {
			m.expect("delete", s.DeleteRoom(ctx, m.gone.ID))
		}
	}
}

func (m *mix) tell(message store.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := message.ClientMsgID
	if before, told := m.told[id]; told && (before.ID != message.ID || before.Seq != message.Seq) {
		m.problems = append(m.problems, fmt.Sprintf("%s is %d and %d", id, before.Seq, message.Seq))
	}
	m.told[id] = message
}

// expect notes an error that is none of those that the contract allows.
func (m *mix) expect(doing string, err error, allowed ...error) {
	for _, a := range append(allowed, nil) {
		if errors.Is(err, a) {
			return
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.problems = append(m.problems, fmt.Sprintf("%s: %v", doing, err))
}

func sharedResend(f *sharedFixture) {
	ann := f.user("ann")
	r := f.room(ann)
	send := store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "x", ClientMsgID: "id"}
	first, created, err := f.post(send)
	require.NoError(f, err)
	require.True(f, created)
	again, created, err := f.on(1).post(send)
	require.NoError(f, err)
	require.False(f, created)
	require.Equal(f, first, again)
	require.EqualValues(f, 2, f.on(2).say(r, ann, "next").Seq)
}

// sharedSight changes who an author is, and whether they are one, on one node,
// and writes on another.
func sharedSight(f *sharedFixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	other := f.on(1)
	for i := range int64(5) {
		require.Equal(f, 3*i+1, f.say(r, ben, "here").Seq)
		require.Equal(f, 3*i+2, other.say(r, ben, "there").Seq)
		f.leave(r, ben)
		other.requireRefused(r, ben, store.ErrNotParticipant)
		other.join(r, ben)
		name := fmt.Sprint("name ", i)
		_, err := other.store.UpdateUser(f.ctx, ben.ID, store.UserChange{DisplayName: &name})
		require.NoError(f, err)
		require.Equal(f, name, f.say(r, ben, "back").Author.DisplayName)
	}
	require.NoError(f, other.store.DeleteRoom(f.ctx, r.ID))
	f.requireRefused(r, ann, store.ErrNotFound)
}

// sharedOnce has all nodes ask for what only one may get.
func sharedOnce(f *sharedFixture) {
	ann, ben := f.user("ann"), f.user("ben")
	r := f.room(ann, ben)
	token, err := f.store.CreateToken(f.ctx, ann.ID, hash("login"))
	require.NoError(f, err)
	for i := range 10 {
		h := hash(fmt.Sprint("ticket ", i))
		require.NoError(f, f.store.CreateTicket(f.ctx, token.ID, h, time.Now().Add(time.Hour)))
		require.NoError(f, f.store.AddMissedCalls(f.ctx, r.ID, ann.ID, []int64{ben.ID}))
		var wg sync.WaitGroup
		spent, taken := make(chan error, len(f.nodes)), make(chan int, len(f.nodes))
		for _, s := range f.nodes {
			wg.Go(func() {
				_, err := s.SpendTicket(f.ctx, h, time.Now())
				spent <- err
				calls, _ := s.TakeUntoldCalls(f.ctx, ben.ID, 10)
				taken <- len(calls)
			})
		}
		wg.Wait()
		good, told := 0, 0
		for range f.nodes {
			told += <-taken
			if err := <-spent; err == nil {
				good++
			} else {
				require.ErrorIs(f, err, store.ErrNotFound)
			}
		}
		require.Equal(f, 1, good, "tickets")
		require.Equal(f, 1, told, "calls")
	}
}
