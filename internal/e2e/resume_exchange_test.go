package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/internal/faults"
	"parley/loadtest/client"
	"parley/protocol"
)

// exchange is ann and bob in a call, each behind a proxy, and cid, who only looks on.
type exchange struct {
	ann, bob, cid *tracked
	annAt, bobAt  *distant
}

func newExchange(t *testing.T, users []*client.User) *exchange {
	t.Helper()
	path := fmt.Sprintf("/ws/call/%d/", meet(t, users...).ID)
	x := &exchange{annAt: away(t, users[0]), bobAt: away(t, users[1])}
	x.ann = tracking(t, x.annAt.User, path)
	x.bob = tracking(t, x.bobAt.User, path)
	x.cid = tracking(t, users[2], path)
	for _, k := range []*tracked{x.ann, x.bob, x.cid} {
		_, err := k.Request(within(t), protocol.TypeJoinCall, nil)
		require.NoError(t, err)
	}
	for _, k := range []*tracked{x.ann, x.bob, x.cid} { // each has seen the others come
		require.NoError(t, k.caughtUp(within(t)))
	}
	return x
}

// begin has ann send an offer and two candidates, and bob answer in kind.
func (x *exchange) begin(ctx context.Context) *errgroup.Group {
	send := func(from *tracked, to *distant, first protocol.Type) error {
		for n, typ := range []protocol.Type{first, protocol.TypeICECandidate, protocol.TypeICECandidate} {
			if err := from.Post(typ, map[string]any{"target_user_id": to.Account.ID, "n": n}); err != nil {
				return err
			}
		}
		return nil
	}
	var work errgroup.Group
	work.Go(func() error { return send(x.ann, x.bobAt, protocol.TypeOffer) })
	work.Go(func() error {
		err := x.bob.Record.Await(ctx, func(all []client.Stream) bool { return count(frames(all), protocol.TypeOffer) > 0 })
		if err != nil {
			return fmt.Errorf("bob gets no offer: %w", err)
		}
		return send(x.bob, x.annAt, protocol.TypeAnswer)
	})
	return &work
}

// requireExact requires each to have got what the other sent: all, once, in order.
func (x *exchange) requireExact(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		to   *tracked
		from *distant
	}{{x.ann, x.bobAt}, {x.bob, x.annAt}} {
		last := func(all []client.Stream) bool {
			ns := numbers(frames(all), c.from.Account.ID)
			return len(ns) > 0 && ns[len(ns)-1] == 2
		}
		require.NoError(t, c.to.Record.Await(within(t), last), "frames of %s", c.from.Account.Username)
		require.NoError(t, c.to.caughtUp(within(t)), "what is doubled has come too")
		streams := c.to.Streams()
		require.Len(t, streams, 1)
		require.Equal(t, []int{0, 1, 2}, numbers(streams[0].Frames, c.from.Account.ID), "from %s", c.from.Account.Username)
	}
	for _, k := range []*tracked{x.ann, x.bob, x.cid} {
		require.Zero(t, count(frames(k.Streams()), protocol.TypeUserLeft))
	}
}

// strike loses the victim's connection at a point, and has it come back.
func (x *exchange) strike(t *testing.T, p point, f fault) {
	t.Helper()
	victim, at := x.ann, x.annAt
	if p.bob {
		victim, at = x.bob, x.bobAt
	}
	conn, struck := at.proxy.Current(), make(chan struct{})
	conn.At(p.direction, p.message, p.place, func() {
		f.do(conn)
		close(struck)
	})
	work := x.begin(within(t))
	select {
	case <-struck:
	case <-within(t).Done():
		require.FailNow(t, "the point is never reached")
	}
	id := at.Account.ID
	if f.seen {
		suspended := func(all []client.Stream) bool {
			list := standings(frames(all), id)
			return list[len(list)-1].State == protocol.ParticipantSuspended
		}
		require.NoError(t, x.cid.Record.Await(within(t), suspended), "cid sees %v", standings(frames(x.cid.Streams()), id))
	}
	w, err := victim.Return(within(t))
	require.NoError(t, err)
	require.True(t, w.Resumed)
	first, err := victim.Welcomed(within(t), 1)
	require.NoError(t, err)
	require.Equal(t, first.ConnectionID, w.ConnectionID)
	require.NotEqual(t, first.ResumeToken, w.ResumeToken)
	if !f.seen {
		code, err := conn.CloseCode(within(t))
		require.NoError(t, err)
		require.EqualValues(t, protocol.CloseReplaced, code)
	}
	require.NoError(t, work.Wait())
	x.requireExact(t)
	x.requireStates(t, id, f.seen)
}

// requireStates requires cid to have seen the victim suspended, or not, and active
// at the end.
func (x *exchange) requireStates(t *testing.T, id int64, suspended bool) {
	t.Helper()
	require.NoError(t, x.cid.caughtUp(within(t)))
	list := standings(frames(x.cid.Streams()), id)
	require.Equal(t, protocol.ParticipantActive, list[len(list)-1].State)
	for _, s := range list {
		require.Equal(t, s.State == protocol.ParticipantSuspended, s.Deadline != nil, "%+v", s)
		require.True(t, suspended || s.State != protocol.ParticipantSuspended, "the server cannot know: %+v", list)
	}
}

// point is a place in the exchange, in one of the two connections.
type point struct {
	bob       bool
	direction faults.Direction
	message   int
	place     faults.Place
}

func (p point) String() string {
	return fmt.Sprintf("%s's %s message %d %s",
		map[bool]string{false: "ann", true: "bob"}[p.bob], [...]string{"up", "down"}[p.direction], p.message,
		map[faults.Place]string{faults.Before: "before", faults.Middle: "middle", faults.After: "after"}[p.place])
}

func points() (all []point) {
	for _, bob := range []bool{false, true} {
		for _, d := range []faults.Direction{faults.Up, faults.Down} {
			for message := 1; message <= 3; message++ {
				for _, place := range []faults.Place{faults.Before, faults.Middle, faults.After} {
					all = append(all, point{bob, d, message, place})
				}
			}
		}
	}
	return all
}

// Wherever in an exchange a socket is lost, and however, nobody misses, doubles or
// reorders a frame, and nobody is seen to leave.
func TestResumeAtEveryPointOfAnExchange(t *testing.T) {
	t.Parallel()
	n := startNode(t, resumable(patience))
	users := signUp(t, n.Server, "ann", "bob", "cid")
	for _, p := range points() {
		for _, f := range losses() {
			t.Run(p.String()+" "+f.name, func(t *testing.T) {
				t.Parallel()
				newExchange(t, users).strike(t, p, f)
			})
		}
	}
}

// A connection that is slow is not lost: nobody sees anything of it.
func TestExchangeOverSlowConnections(t *testing.T) {
	t.Parallel()
	n := startNode(t, resumable(patience))
	users := signUp(t, n.Server, "ann", "bob", "cid")
	for name, slow := range map[string]func(*faults.Conn){
		"delay":     func(c *faults.Conn) { c.Delay(5 * time.Millisecond) },
		"slow read": func(c *faults.Conn) { c.SlowRead(7) },
		"stall":     func(c *faults.Conn) { c.At(faults.Down, 2, faults.Middle, func() { c.Stall(true, true); go c.Go() }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newExchange(t, users)
			slow(x.annAt.proxy.Current())
			slow(x.bobAt.proxy.Current())
			require.NoError(t, x.begin(within(t)).Wait())
			x.requireExact(t)
			x.requireStates(t, x.annAt.Account.ID, false)
			x.requireStates(t, x.bobAt.Account.ID, false)
		})
	}
}
