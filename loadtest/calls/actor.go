package calls

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"parley/loadtest/client"
	"parley/protocol"
)

// actor is a session that plays its side of the script, in place of a peer.
type actor struct {
	arrival
	session *client.Session
	peerID  string        // set before joined is closed
	joinedC chan struct{} // closed when call_joined has come
	done    chan struct{} // closed when the session has ended

	mu      sync.Mutex
	inboxes map[string]chan signal // guarded by mu: what came, by the peer that it is from
}

// signal is an offer, an answer, a candidate or anything else that peers send each
// other. N numbers those from one peer to another.
type signal struct {
	Target    string          `json:"target_peer_id,omitempty"`
	From      string          `json:"from_peer_id,omitempty"`
	SDP       string          `json:"sdp,omitempty"`
	Candidate json.RawMessage `json:"candidate,omitempty"`
	N         int             `json:"n"`
}

// inboxSize is how many signals of a peer's may wait: more than the script has.
const inboxSize = 256

// act opens a session for a user and joins the room's call.
func (c *call) act(ctx context.Context, u *client.User) (*actor, error) {
	step, cancel := c.step(ctx)
	defer cancel()
	a := &actor{
		arrival: arrival{r: c.r, intended: c.intended},
		joinedC: make(chan struct{}), done: make(chan struct{}), inboxes: map[string]chan signal{},
	}
	s, err := u.OpenSession(step, fmt.Sprintf("/ws/call/%d/", c.room.id), client.SessionConfig{Comeback: client.ByItself, Ack: true})
	if err != nil {
		return nil, c.fail(ctx, StageSocket, err)
	}
	a.session = s
	c.r.Move(gaugeSockets, 1)
	go a.read(context.WithoutCancel(ctx))
	if _, err := s.Request(step, protocol.TypeJoinCall, nil); err != nil {
		return a, c.fail(ctx, a.stage(), err)
	}
	select {
	case <-a.joinedC:
		return a, nil
	case <-a.done:
		return a, c.fail(ctx, StageJoin, s.Err())
	case <-step.Done():
		return a, c.fail(ctx, StageJoin, step.Err())
	}
}

// read takes what comes, to the session's end.
func (a *actor) read(ctx context.Context) {
	defer close(a.done)
	for {
		f, err := a.session.Next(ctx)
		if err != nil {
			return
		}
		a.see(f)
		switch f.Type {
		case protocol.TypeCallJoined:
			var in protocol.CallJoined
			if f.Into(&in) == nil && a.peerID == "" {
				a.peerID = in.PeerID
				close(a.joinedC)
			}
		case protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal:
			var in signal
			if f.Into(&in) == nil {
				a.put(in)
			}
		}
	}
}

// put keeps a signal. What does not fit is lost, and is found to be.
func (a *actor) put(in signal) {
	select {
	case a.from(in.From) <- in:
	default:
	}
}

// from is the inbox for what a peer sends.
func (a *actor) from(peerID string) chan signal {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.inboxes[peerID] == nil {
		a.inboxes[peerID] = make(chan signal, inboxSize)
	}
	return a.inboxes[peerID]
}
