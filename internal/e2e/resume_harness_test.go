package e2e

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/faults"
	"parley/loadtest/client"
	"parley/protocol"
)

// resumable sets how long a lost session may be resumed.
func resumable(window time.Duration) func(*configs.Config) {
	return func(cfg *configs.Config) { cfg.Edge.ResumeWindow = window }
}

// fault is a way to lose a connection.
type fault struct {
	name string
	do   func(*faults.Conn)
	seen bool // by the server
}

func losses() []fault {
	return []fault{
		{"cut", (*faults.Conn).Cut, true},
		{"clean FIN", (*faults.Conn).CutClean, true},
		{"half-open", (*faults.Conn).HalfOpen, false},
	}
}

// distant is a user whose connections with the node go through a proxy.
type distant struct {
	*client.User
	proxy *faults.Proxy
}

func keepAway(u *client.User) (*distant, error) {
	p, err := faults.New(strings.TrimPrefix(u.Base, "http://"), nil)
	if err != nil {
		return nil, err
	}
	far := *u
	far.Base = "http://" + p.Addr()
	return &distant{&far, p}, nil
}

// away is keepAway for one test.
func away(t *testing.T, u *client.User) *distant {
	t.Helper()
	d, err := keepAway(u)
	require.NoError(t, err)
	t.Cleanup(d.proxy.Close)
	return d
}

// tracked is a session and all that it got.
type tracked struct {
	*client.Session
	*client.Record
	stop context.CancelFunc
	read chan struct{} // closed when nothing more is read
}

// track opens a session that keeps what the client has not acknowledged and comes
// back on demand, and reads it.
func track(ctx context.Context, u *client.User, path string) (*tracked, error) {
	s, err := u.OpenSession(ctx, path, client.SessionConfig{Comeback: client.OnDemand, Ack: true, AckEvery: 7})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	k := &tracked{Session: s, Record: &client.Record{}, stop: stop, read: make(chan struct{})}
	go func() {
		defer close(k.read)
		_ = k.Follow(ctx, s) // to the session's end
	}()
	return k, nil
}

// caughtUp waits until all that the server has sent up to now is in the record. The
// session must have a socket.
func (k *tracked) caughtUp(ctx context.Context) error {
	pongs := count(frames(k.Streams()), protocol.TypePong)
	if err := k.Socket().Send(ctx, protocol.TypePing, nil); err != nil { // without an id: the pong is a frame as any other
		return err
	}
	return k.Record.Await(ctx, func(all []client.Stream) bool { return count(frames(all), protocol.TypePong) > pongs })
}

// end leaves in good order, where there is a socket to do so on.
func (k *tracked) end() {
	_ = k.Close()
	k.stop()
	<-k.read
}

// tracking is track for one test.
func tracking(t *testing.T, u *client.User, path string) *tracked {
	t.Helper()
	k, err := track(within(t), u, path)
	require.NoError(t, err)
	t.Cleanup(k.end)
	return k
}

// frames are all frames of a record, whatever stream they are of.
func frames(streams []client.Stream) (all []client.Frame) {
	for _, s := range streams {
		all = append(all, s.Frames...)
	}
	return all
}

// counted is a frame that tells who sent it and as its how-manieth.
type counted struct {
	From int64 `json:"from_user_id"`
	N    int   `json:"n"`
}

// numbers are what a user sent, as it arrived.
func numbers(all []client.Frame, from int64) (ns []int) {
	for _, f := range all {
		switch f.Type {
		case protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal:
			var in counted
			if f.Into(&in) == nil && in.From == from {
				ns = append(ns, in.N)
			}
		}
	}
	return ns
}

// standing is where a user stands in a call_state.
type standing struct {
	State    protocol.ParticipantState `json:"state"`
	Deadline *time.Time                `json:"deadline"`
	UserID   int64                     `json:"user_id"`
}

// standings are those of a user in all call_states, without repetition.
func standings(all []client.Frame, userID int64) (list []standing) {
	for _, f := range all {
		var in struct{ Participants []standing }
		if f.Type != protocol.TypeCallState || f.Into(&in) != nil {
			continue
		}
		now := standing{UserID: userID}
		for _, p := range in.Participants {
			if p.UserID == userID {
				now = p
			}
		}
		if n := len(list); n == 0 || list[n-1].State != now.State {
			list = append(list, now)
		}
	}
	return list
}

func count(all []client.Frame, typ protocol.Type) (n int) {
	for _, f := range all {
		if f.Type == typ {
			n++
		}
	}
	return n
}
