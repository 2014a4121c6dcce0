package call_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// TestRandomEvents plays many random calls against the model.
func TestRandomEvents(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		script := make([]byte, 1+3*200)
		for i := range script {
			script[i] = byte(rng.Uint32())
		}
		if !t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { playBytes(t, script) }) {
			return
		}
	}
}

// FuzzEvents looks for a sequence of events that breaks an invariant:
// `go test ./signaling/call -fuzz FuzzEvents`.
func FuzzEvents(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 4, 0, 8, 2, 0, 0})          // two meet, relay, one leaves
	f.Add([]byte{2, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 3, 2, 3, 1, 0, 2, 1, 0}) // replace, then the rest
	f.Add([]byte{1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 2, 0, 0, 1, 1, 0, 1, 0, 0}) // room full, leave, rejoin
	f.Fuzz(func(t *testing.T, script []byte) {
		playBytes(t, script[:min(len(script), 3000)]) // more shows nothing new
	})
}

// playBytes plays a call: the first byte is the limit, every three make an
// event. It checks the invariants after each event, and at last that the same
// events give the same actions again.
func playBytes(t *testing.T, script []byte) {
	if len(script) == 0 {
		return
	}
	g := game{
		cfg: call.Config{
			MaxPeers: int(script[0]) % 5, ParkedBytes: int(script[0]) / 5 % 3 * 20, Node: &allowance{},
		},
		clients: clients{views: map[call.SessionID]view{}}, ledger: newLedger(),
	}
	g.model.cfg = g.cfg
	g.call = call.New(g.cfg)
	for i := 1; i+2 < len(script); i += 3 {
		g.play(t, g.decode(script[i], script[i+1], script[i+2]))
	}
	for len(g.model.sessions) > 0 { // then everybody goes, and nothing is left
		g.play(t, call.Disconnect{Session: g.model.sessions[0].id, Reason: protocol.LeaveTimeout})
	}
	require.Empty(t, g.ledger.parked, "for nobody, after\n%s", strings.Join(g.log, ""))
	require.Equal(t, &allowance{}, g.cfg.Node, "all is given back, after\n%s", strings.Join(g.log, ""))
	again := call.New(g.cfg)
	for i, ev := range g.history {
		require.Equal(t, g.log[i], fmt.Sprintf("%T%+v\n%s", ev, ev, render(again.Step(ev))),
			"event %d of a replay", i)
	}
}

// game is one random call with those who watch it.
type game struct {
	cfg       call.Config
	call      *call.Call
	model     model
	clients   clients
	ledger    ledger
	history   []call.Event
	log       []string
	lastID    int // of peer ids, which are never used twice
	lastFrame call.FrameID
}

func (g *game) play(t *testing.T, ev call.Event) {
	t.Helper()
	actions := g.call.Step(ev)
	g.history = append(g.history, ev)
	g.log = append(g.log, fmt.Sprintf("%T%+v\n%s", ev, ev, render(actions)))
	if err := g.check(ev, actions); err != nil {
		require.FailNow(t, err.Error(), "%+v, after\n%s", g.cfg, strings.Join(g.log, ""))
	}
}

// decode makes an event of three bytes. There are few users and not many more
// sockets, so that they meet; a socket id may be used again once it is gone.
func (g *game) decode(op, who, arg byte) call.Event {
	session := call.SessionID(who%12 + 1)
	user := int64(arg%5 + 1)
	switch op % 12 {
	case 0:
		name := fmt.Sprintf("user%d", user)
		return call.Connect{Session: session, User: protocol.User{ID: user, Username: name}, PeerID: g.peerID()}
	case 1, 5, 6:
		return call.Join{Session: session, NextPeerID: g.peerID()}
	case 2:
		return call.Leave{Session: session}
	case 3:
		reasons := []protocol.LeaveReason{protocol.LeaveLeft, protocol.LeaveTimeout, protocol.LeaveRemoved}
		return call.Disconnect{Session: session, Reason: reasons[int(arg)%len(reasons)]}
	case 8:
		return call.Suspend{Session: session, Until: time.Unix(int64(arg%4), 0)}
	case 9:
		return call.Resume{Session: session}
	default:
		return g.relay(op, who, arg)
	}
}

func (g *game) relay(op, who, arg byte) call.Relay {
	g.lastFrame++
	types := []protocol.Type{protocol.TypeOffer, protocol.TypeICECandidate, protocol.TypeAnswer, protocol.TypeSignal}
	r := call.Relay{
		Session: call.SessionID(who%12 + 1), Type: types[int(op)/12%len(types)],
		Frame: g.lastFrame, Bytes: 1 + int(who)/12,
	}
	if arg&8 != 0 {
		r.Target.UserID = int64(arg%5 + 1)
	}
	if arg&16 != 0 {
		r.Target.PeerID = fmt.Appendf(nil, "p%d", g.lastID-int(arg>>5))
	}
	return r
}

func (g *game) peerID() string {
	g.lastID++
	return fmt.Sprintf("p%d", g.lastID)
}

func (g *game) check(ev call.Event, actions []call.Action) error {
	want := g.model.step(ev)
	live := make([]call.SessionID, 0, len(g.model.sessions))
	for _, s := range g.model.sessions {
		live = append(live, s.id)
	}
	for _, a := range actions {
		if err := g.clients.receive(a, live); err != nil {
			return err
		}
		if err := g.ledger.note(ev, a); err != nil {
			return err
		}
	}
	// Who is no peer any more has closed its connections.
	peers := g.model.peers()
	for id := range g.clients.views {
		if !slices.ContainsFunc(peers, func(p *modelSession) bool { return p.id == id }) {
			delete(g.clients.views, id)
		}
	}
	if err := g.clients.agree(peers); err != nil {
		return err
	}
	if err := compare(want, outcomeOf(actions)); err != nil {
		return err
	}
	return g.checkState(len(peers))
}

func (g *game) checkState(peers int) error {
	state := g.call.State()
	active := 0
	users := map[int64]bool{}
	for _, p := range state.Participants {
		if users[p.UserID] {
			return fmt.Errorf("user %d is listed twice", p.UserID)
		}
		users[p.UserID] = true
		if p.State != protocol.ParticipantConnecting {
			active++
		}
	}
	switch got, want := renderState(state), renderState(g.model.state()); {
	case got != want:
		return fmt.Errorf("state is %s, the model says %s", got, want)
	case active != peers:
		return fmt.Errorf("%d are shown active, %d have joined", active, peers)
	case g.cfg.MaxPeers > 0 && active > g.cfg.MaxPeers:
		return fmt.Errorf("%d have joined, the limit is %d", active, g.cfg.MaxPeers)
	case g.call.Empty() != (len(g.model.sessions) == 0):
		return fmt.Errorf("Empty is %v with %d sockets", g.call.Empty(), len(g.model.sessions))
	}
	return nil
}

// outcomeOf sums up what a Call did.
func outcomeOf(actions []call.Action) (out outcome) {
	for _, a := range actions {
		switch a := a.(type) {
		case *call.Reject:
			out.rejected = a.Err.Code
		case *call.Replace:
			out.replaced = a.Session
		case *call.SendJoined:
			out.answered = true
		case *call.Forward:
			out.forward = append([]call.Recipient{}, a.To...)
		case *call.Deliver:
			for _, f := range a.Frames {
				out.parked = append(out.parked, fmt.Sprintf("f%d is delivered to s%d", f, a.To))
			}
		case *call.Drop:
			for _, f := range a.Frames {
				out.parked = append(out.parked, fmt.Sprintf("f%d is dropped for s%d", f, a.For))
			}
		case *call.SendExpired:
			out.parked = append(out.parked, fmt.Sprintf("s%d hears that f%d, %s, has expired for %d %s (s%d)",
				a.To, a.Frame, a.Type, a.UserID, a.PeerID, a.For))
		case *call.SendUserLeft:
			left := a.UserLeft
			out.left = &left
		case *call.BroadcastState:
			out.states = append(out.states, renderState(a.State))
		}
	}
	return out
}

// compare finds what a Call did otherwise than the model. A missing user_left
// is found by the clients: one is sent only where a peer remains to hear it.
func compare(want, got outcome) error {
	switch {
	case (want.forward == nil) != (got.forward == nil) || !slices.Equal(want.forward, got.forward):
		return fmt.Errorf("frame passed on to %+v, the model says %+v", got.forward, want.forward)
	case !slices.Equal(want.parked, got.parked):
		return fmt.Errorf("of parked frames %q, the model says %q", got.parked, want.parked)
	case want.rejected != got.rejected:
		return fmt.Errorf("rejected with %q, the model says %q", got.rejected, want.rejected)
	case want.replaced != got.replaced:
		return fmt.Errorf("replaced s%d, the model says s%d", got.replaced, want.replaced)
	case want.answered != got.answered:
		return fmt.Errorf("call_joined sent: %v, the model says %v", got.answered, want.answered)
	case !slices.Equal(want.states, got.states):
		return fmt.Errorf("told the room %q, the model says %q", got.states, want.states)
	case got.left != nil && (want.left == nil || *want.left != *got.left):
		return fmt.Errorf("told of %+v, the model says %+v", got.left, want.left)
	}
	return nil
}
