package call_test

import (
	"fmt"
	"slices"

	"parley/protocol"
	"parley/signaling/call"
)

// modelSignals is the model's part that relays: the log of all that was passed
// on, from which each epoch is worked out anew, and one list of what is parked,
// for whomever.
type modelSignals struct {
	log    []modelFrame
	parked []modelFrame
}

type modelFrame struct {
	id       call.FrameID
	from, to string // peer ids
	session  call.SessionID
	sender   call.SessionID
	typ      protocol.Type
	epoch    int64
	bytes    int
}

func (ms *modelSignals) relay(m *model, e call.Relay, from *modelSession, to []*modelSession) outcome {
	out := outcome{forward: []call.Recipient{}}
	var refused []string
	for _, p := range to {
		f := modelFrame{
			id: e.Frame, from: from.peerID, to: p.peerID, session: p.id, sender: from.id, typ: e.Type,
			epoch: ms.epoch(from.peerID, p.peerID, e.Type), bytes: e.Bytes,
		}
		if p.until != nil {
			void, fits := ms.fits(f, m.cfg.ParkedBytes)
			if !fits {
				refused = append(refused, f.expired(p))
				continue
			}
			out.parked = append(out.parked, ms.drop(void)...)
			ms.parked = append(ms.parked, f)
		}
		ms.log = append(ms.log, f)
		out.forward = append(out.forward, call.Recipient{Session: p.id, Epoch: f.epoch, Parked: p.until != nil})
	}
	if len(refused) > 0 && len(out.forward) == 0 {
		return outcome{rejected: protocol.CodeUnavailable}
	}
	out.parked = append(out.parked, refused...)
	return out
}

// epoch counts the offers of the pair, and looks for what the frame belongs to.
func (ms *modelSignals) epoch(from, to string, typ protocol.Type) int64 {
	var offers, theirs, own int64
	for _, f := range ms.log {
		switch mine := f.from == from && f.to == to; {
		case !mine && (f.from != to || f.to != from):
		case f.typ == protocol.TypeOffer:
			offers++
			if mine {
				own = offers
			} else {
				theirs = offers
			}
		case f.typ == protocol.TypeAnswer && mine:
			own = f.epoch
		}
	}
	first := func(epochs ...int64) int64 {
		return epochs[slices.IndexFunc(epochs, func(e int64) bool { return e > 0 })]
	}
	switch typ {
	case protocol.TypeOffer:
		return offers + 1
	case protocol.TypeAnswer:
		return first(theirs, offers, 1)
	case protocol.TypeICECandidate:
		return first(own, offers, 1)
	default:
		return 0
	}
}

// fits finds which parked frames f makes void, and whether there is room for it
// then.
func (ms *modelSignals) fits(f modelFrame, most int) (void func(modelFrame) bool, fits bool) {
	var older int64 // epoch of the offer that f supersedes
	for _, p := range ms.parked {
		if f.typ == protocol.TypeOffer && p.typ == protocol.TypeOffer && p.from == f.from && p.to == f.to {
			older = p.epoch
		}
	}
	void = func(p modelFrame) bool {
		return older > 0 && p.from == f.from && p.to == f.to && p.epoch == older && p.typ != protocol.TypeSignal
	}
	sum := f.bytes
	for _, p := range ms.parked {
		if p.to == f.to && !void(p) {
			sum += p.bytes
		}
	}
	return void, most == 0 || sum <= most
}

func (ms *modelSignals) drop(which func(modelFrame) bool) (dropped []string) {
	for _, f := range ms.take(which) {
		dropped = append(dropped, fmt.Sprintf("f%d is dropped for s%d", f.id, f.session))
	}
	return dropped
}

func (ms *modelSignals) take(which func(modelFrame) bool) (taken []modelFrame) {
	ms.parked = slices.DeleteFunc(ms.parked, func(f modelFrame) bool {
		if which(f) {
			taken = append(taken, f)
			return true
		}
		return false
	})
	return taken
}

// back is what a peer gets that has been away.
func (ms *modelSignals) back(s *modelSession) (delivered []string) {
	for _, f := range ms.take(func(f modelFrame) bool { return f.to == s.peerID }) {
		delivered = append(delivered, fmt.Sprintf("f%d is delivered to s%d", f.id, s.id))
	}
	return delivered
}

// gone is what a peer's end means: what is parked for it expires, what it has
// parked is dropped, target by target in the order in which they joined.
func (ms *modelSignals) gone(m *model, s *modelSession) (out []string) {
	for _, f := range ms.take(func(f modelFrame) bool { return f.to == s.peerID }) {
		out = append(out, f.expired(s))
	}
	for _, p := range m.peers() {
		out = append(out, ms.drop(func(f modelFrame) bool { return f.from == s.peerID && f.to == p.peerID })...)
	}
	return out
}

func (f *modelFrame) expired(s *modelSession) string {
	return fmt.Sprintf("s%d hears that f%d, %s, has expired for %d %s (s%d)", f.sender, f.id, f.typ, s.user.ID, s.peerID, s.id)
}
