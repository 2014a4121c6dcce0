package call_test

import (
	"fmt"

	"parley/signaling/call"
)

// ledger holds what every target gets against what was sent, without knowing
// why: no frame twice, none before one that its sender sent earlier, and each
// that is parked has an end.
type ledger struct {
	sender map[call.FrameID]string // peer ids
	parked map[errand]bool
	last   map[way]call.FrameID // that arrived
}

// errand is a frame on its way to a session.
type errand struct {
	frame call.FrameID
	to    call.SessionID
}

// way is from a peer to a session.
type way struct {
	from string
	to   call.SessionID
}

func newLedger() ledger {
	return ledger{sender: map[call.FrameID]string{}, parked: map[errand]bool{}, last: map[way]call.FrameID{}}
}

func (l *ledger) note(ev call.Event, a call.Action) error {
	switch a := a.(type) {
	case *call.Forward:
		frame := ev.(call.Relay).Frame
		l.sender[frame] = a.From.PeerID
		for _, r := range a.To {
			if r.Parked {
				l.parked[errand{frame, r.Session}] = true
			} else if err := l.arrive(frame, r.Session); err != nil {
				return err
			}
		}
	case *call.Deliver:
		for _, f := range a.Frames {
			if err := l.end(f, a.To); err != nil {
				return err
			}
			if err := l.arrive(f, a.To); err != nil {
				return err
			}
		}
	case *call.Drop:
		for _, f := range a.Frames {
			if err := l.end(f, a.For); err != nil {
				return err
			}
		}
	case *call.SendExpired:
		if r, relay := ev.(call.Relay); !relay || r.Frame != a.Frame {
			return l.end(a.Frame, a.For)
		}
	}
	return nil
}

// end takes a frame out of those that are parked.
func (l *ledger) end(f call.FrameID, to call.SessionID) error {
	if !l.parked[errand{f, to}] {
		return fmt.Errorf("f%d is not parked for s%d", f, to)
	}
	delete(l.parked, errand{f, to})
	return nil
}

func (l *ledger) arrive(f call.FrameID, to call.SessionID) error {
	w := way{l.sender[f], to}
	if l.last[w] >= f {
		return fmt.Errorf("s%d gets f%d of %s after f%d", to, f, w.from, l.last[w])
	}
	for e := range l.parked {
		if e.to == to && e.frame < f && l.sender[e.frame] == w.from {
			return fmt.Errorf("s%d gets f%d of %s, and f%d still waits", to, f, w.from, e.frame)
		}
	}
	l.last[w] = f
	return nil
}
