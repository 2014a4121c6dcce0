package room

import (
	"context"
	"time"

	"parley/protocol"
)

// How long a node has for a claim, by its own clock from when it first asked.
const (
	claimWait   = time.Second            // for an answer
	claimAgain  = 300 * time.Millisecond // after which it is asked again: letters may be lost
	landWithin  = 1500 * time.Millisecond
	landPause   = 10 * time.Millisecond // until it is looked again whether a line has landed
	claimAtMost = 4 * time.Second       // all in all
)

// claim is a client of this node that wants to go on with a line which another
// node may have.
type claim struct {
	request uint64 // among this node's
	name    string
	token   string
	user    int64
	at      place
}

// MayBeElsewhere reports that the session which a client wants to return to may be
// on another node: whoever admits it is to call Claim first. It does not block.
func (h *Hub) MayBeElsewhere(r Return) bool { return !h.cfg.Alone && r.Token != "" }

// Claim finds the session that a client wants to return to wherever it is, and
// brings it to this node; the entry that it returns is the one to Admit. The
// client's rights must have been checked. It blocks while other nodes are asked,
// at most for some seconds or until ctx ends, and never fails: a client whose
// session cannot be had starts afresh.
func (h *Hub) Claim(ctx context.Context, e Entry) Entry {
	t, ok := readToken(e.Return.Token)
	if !ok || h.cfg.Alone {
		return e
	}
	ctx, cancel := context.WithTimeout(ctx, claimAtMost)
	defer cancel()
	s := search{hub: h, ctx: ctx, origin: t.boot, claim: claim{
		name: t.name, token: e.Return.Token, user: e.User.ID, at: place{e.RoomID, e.Channel},
	}}
	switch s.run() {
	case atBerth:
		e.Return.passage = &passage{arrived: t.name}
	case nowhere:
		e.Return.passage = &passage{formerly: t.name}
	case notTheirsToHave, onBoard: // as Admit will find
	}
	return e
}

// whereabouts is what was found of a line.
type whereabouts byte

const (
	nowhere         whereabouts = iota + 1 // it may have been, and nobody has it
	onBoard                                // it is this node's
	atBerth                                // it has arrived, and is to be landed
	notTheirsToHave                        // it is another user's, or its client has gone on with it
	notHere                                // no such line
	elsewhere                              // the node says which
	silent                                 // no answer
	notYet                                 // it is about to land here, for another socket
)

// search goes from node to node after one line.
type search struct {
	// static
	hub    *Hub
	ctx    context.Context
	origin string // the boot that the token names
	claim  claim

	mute map[string]bool // who did not answer
	held bool            // who had it still keeps a copy for the one who was to have it
}

func (s *search) run() whereabouts {
	boot := s.start()
	for s.ctx.Err() == nil {
		found, to := s.ask(boot)
		switch found {
		case elsewhere:
			if !s.mute[to] && to != boot {
				boot = to
				continue
			}
			s.pause(claimAgain) // who has it should have landed it by then, or another may
			boot = s.start()
		case notYet:
			s.pause(landPause)
			if boot == s.hub.cfg.Boot {
				boot = s.start()
			}
		case notHere:
			if !s.held || boot == s.origin {
				return notTheirsToHave
			}
			s.pause(claimAgain) // it did not land there, and may be had again
			boot = s.start()
		case silent:
			s.mute = put(s.mute, boot)
			if boot != s.origin && !s.mute[s.origin] {
				boot = s.origin
				continue
			}
			if found, to = s.withdraw(); found != elsewhere {
				return found
			}
			boot = to
		default:
			return found
		}
	}
	return nowhere
}

func put(set map[string]bool, boot string) map[string]bool {
	if set == nil {
		set = make(map[string]bool)
	}
	set[boot] = true
	return set
}

// start is who is asked first.
func (s *search) start() string {
	if s.hub.journeys.holds(s.claim.name) {
		return s.hub.cfg.Boot
	}
	return s.origin
}

// pause waits a little, or until the search is to end.
func (s *search) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.ctx.Done():
	}
}

// ask asks a node, this one too, for the line.
func (s *search) ask(boot string) (whereabouts, string) {
	switch {
	case boot == s.hub.cfg.Boot:
		return s.here()
	case s.hub.dead(boot):
		return silent, ""
	}
	asked := time.Now()
	a, ok := s.hub.inquiries.ask(s.ctx, boot, s.claim, func(c claim) {
		s.hub.Write(boot, Letter{Kind: kindClaim, Body: c.append(nil)})
	})
	if !ok {
		return silent, ""
	}
	if a.found == elsewhere {
		s.held = len(a.body) > 0
	}
	if a.found == atBerth {
		p, err := readParcel(a.body)
		if err != nil || !p.is(s.claim.user, s.claim.at, s.claim.token) {
			s.hub.cfg.Logger.Error("room: session from another node not understood", "node", boot, "err", err)
			return nowhere, ""
		}
		return s.hub.arrive(&arrival{parcel: p, from: boot, until: asked.Add(landWithin)}), ""
	}
	return a.found, string(a.to)
}

// dead reports that a node is known not to live.
func (h *Hub) dead(boot string) bool { return h.cfg.Dead != nil && h.cfg.Dead(boot) }

// append encodes a claim.
func (c claim) append(b []byte) []byte {
	b = appendNumbers(b, int64(c.request), c.user)
	return appendText(appendText(c.at.append(b), c.name), c.token)
}

func readClaim(b []byte) (c claim, ok bool) {
	r := reading{rest: b}
	c.request, c.user = uint64(r.number()), r.number()
	c.at, c.name, c.token = r.place(), string(r.text()), string(r.text())
	return c, !r.failed && c.name != "" && c.user > 0 && c.user < protocol.MaxID
}
