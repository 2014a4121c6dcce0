package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/client"
	"parley/protocol"
)

// strike loses ann's socket at a point of the traffic, and has her come back.
func (x *spread) strike(t *testing.T, p point, f fault) {
	t.Helper()
	conn, struck := x.far.proxy.Current(), make(chan struct{})
	conn.At(p.direction, p.message, p.place, func() {
		f.do(conn)
		close(struck)
	})
	work := x.begin()
	select {
	case <-struck:
	case <-within(t).Done():
		require.FailNow(t, "the point is never reached")
	}
	if f.seen {
		x.awaitStanding(t, protocol.ParticipantSuspended)
	}
	w, err := x.all.Return(within(t))
	require.NoError(t, err)
	require.True(t, w.Resumed)
	require.NoError(t, work.Wait())
	if !f.seen {
		code, err := conn.CloseCode(within(t))
		require.NoError(t, err)
		require.EqualValues(t, protocol.CloseReplaced, code)
	}
	x.requireExact(t)
	x.awaitStanding(t, protocol.ParticipantActive)
	x.requireStayed(t, f.seen)
}

// Wherever a socket for everything is lost, and however, in no room does anybody
// miss, double or reorder a frame, or see anybody leave.
func TestMultiplexedResume(t *testing.T) {
	t.Parallel()
	n := startNode(t, resumable(patience))
	users := signUp(t, n.Server, "ann", "bob")
	for _, p := range points() {
		if p.bob || p.message == 2 {
			continue
		}
		p.message *= 4 // in the midst of it
		for _, f := range losses() {
			t.Run(p.String()+" "+f.name, func(t *testing.T) {
				t.Parallel()
				newSpread(t, users, 3).strike(t, p, f)
			})
		}
	}
}

// Who missed too much gets it all anew on subscribing again.
func TestMultiplexedResumeTorn(t *testing.T) {
	t.Parallel()
	const kept = 8
	n := startNode(t, resumable(patience), func(c *configs.Config) { c.Limits.ResumeFrames = kept })
	x := newSpread(t, signUp(t, n.Server, "ann", "bob"), 3)
	first, err := x.all.Welcomed(within(t), 1)
	require.NoError(t, err)
	x.far.proxy.Current().Cut()
	x.awaitStanding(t, protocol.ParticipantSuspended)
	x.bobSays(t, 2*kept)
	for _, r := range x.rooms {
		require.Zero(t, count(frames(r.call.Streams()), protocol.TypeUserLeft), "a torn session is there all the same")
	}
	w, err := x.all.Return(within(t))
	require.NoError(t, err)
	require.False(t, w.Resumed)
	require.NotEqual(t, first.ConnectionID, w.ConnectionID)
	x.requireAnew(t, 2*kept)
}

// Who stays away too long is gone from all rooms, and may come again.
func TestMultiplexedWindowOver(t *testing.T) {
	t.Parallel()
	n := startNode(t, resumable(shortWindow))
	x := newSpread(t, signUp(t, n.Server, "ann", "bob"), 3)
	x.far.proxy.Current().Cut()
	for _, r := range x.rooms {
		gone := func(all []client.Stream) bool { return count(frames(all), protocol.TypeUserOffline) > 0 }
		require.NoError(t, r.chat.Record.Await(within(t), gone))
		left := func(all []client.Stream) bool { return count(frames(all), protocol.TypeUserLeft) > 0 }
		require.NoError(t, r.call.Record.Await(within(t), left))
		for _, f := range frames(r.call.Streams()) {
			var l protocol.UserLeft
			if f.Type == protocol.TypeUserLeft {
				require.NoError(t, f.Into(&l))
				require.Equal(t, x.ann.Account.ID, l.UserID)
				require.Equal(t, protocol.LeaveTimeout, l.Reason)
			}
		}
	}
	x.awaitStanding(t, "")
	x.bobSays(t, 3)
	w, err := x.all.Return(within(t))
	require.NoError(t, err)
	require.False(t, w.Resumed)
	x.requireAnew(t, 3)
}

// bobSays has bob write messages to every room.
func (x *spread) bobSays(t *testing.T, n int) {
	t.Helper()
	for _, r := range x.rooms {
		for range n {
			_, err := r.chat.Request(within(t), protocol.TypeChatMessage, text("while ann is away"))
			require.NoError(t, err)
		}
	}
}

// requireAnew requires that ann, whose session began afresh, has no subscription,
// and subscribing again gives her all of it: what was said, and who is there.
func (x *spread) requireAnew(t *testing.T, last int64) {
	t.Helper()
	for _, r := range x.rooms {
		_, err := x.all.Request(within(t), protocol.TypeChatMessage, in(r.id, text("x")))
		var fe *client.FrameError
		require.ErrorAs(t, err, &fe)
		require.Equal(t, protocol.CodeNotSubscribed, fe.Code)
		x.subscribe(t, r, 0)
	}
	for _, r := range x.rooms {
		replayed := func(all []client.Stream) bool {
			return len(all) == 2 && count(ofRoom(all[1].Frames, r.id), protocol.TypePresenceState) > 0 &&
				count(ofRoom(all[1].Frames, r.id), protocol.TypeCallJoined) > 0
		}
		require.NoError(t, x.all.Record.Await(within(t), replayed))
	}
	streams := x.all.Streams()
	for _, r := range x.rooms {
		all := ofRoom(streams[1].Frames, r.id)
		require.Equal(t, upTo(1, last), saidIn(all))
		require.Equal(t, 1, count(all, protocol.TypePresenceState))
		bob := standings(all, x.bob.Account.ID)
		require.Equal(t, protocol.ParticipantActive, bob[len(bob)-1].State)
		require.Equal(t, 1, count(all, protocol.TypeCallJoined))
		require.Equal(t, 1, count(frames(r.call.Streams()), protocol.TypeUserLeft), "the peer that she was")
	}
	x.awaitStanding(t, protocol.ParticipantActive)
}
