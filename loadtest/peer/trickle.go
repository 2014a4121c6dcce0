package peer

import (
	"time"

	"github.com/pion/webrtc/v4"

	"parley/protocol"
)

// trickle is where the exchange of candidates stands (RFC 8838).
type trickle struct {
	early []webrtc.ICECandidateInit // came before the description that they belong to
	late  []webrtc.ICECandidateInit // one's own that are held back; see Config.Trickle
	last  webrtc.ICECandidateInit   // the one sent last: what the end of candidates ends
}

// mostEarly bounds what another peer can have this one keep.
const mostEarly = 256

func (l *Link) gathers(now webrtc.ICEGatheringState) {
	if now == webrtc.ICEGatheringStateGathering {
		l.update(func(s *Status) { s.Gatherings++ })
	}
}

// gathered sends a candidate of one's own, or nil as the end of candidates
// (RFC 8838, section 13).
func (l *Link) gathered(c *webrtc.ICECandidate) {
	out := l.trickle.last
	out.Candidate = ""
	if c != nil {
		out = c.ToJSON()
		if ufrag := ufragOf(out.Candidate); ufrag != "" {
			out.UsernameFragment = &ufrag
		}
		l.trickle.last = out
	}
	l.trickle.late = append(l.trickle.late, out)
	if l.peer.cfg.Trickle <= 0 {
		l.utter()
		return
	}
	// Timers may fire out of order; candidates go out in theirs.
	time.AfterFunc(l.peer.cfg.Trickle, func() { l.post(l.utter) })
}

// utter sends the oldest of the candidates that were held back.
func (l *Link) utter() {
	next := l.trickle.late[0]
	l.trickle.late = l.trickle.late[1:]
	l.send(protocol.TypeICECandidate, signal{Candidate: &next})
}

// candidate takes one of the other's, or keeps it for the description to come.
func (l *Link) candidate(c webrtc.ICECandidateInit) {
	if !l.describes(c) {
		if len(l.trickle.early) < mostEarly {
			l.trickle.early = append(l.trickle.early, c)
		}
		return
	}
	l.fail(l.pc.AddICECandidate(c))
}

// describes reports whether the other's description in use is the one that the
// candidate belongs to.
func (l *Link) describes(c webrtc.ICECandidateInit) bool {
	d := l.pc.RemoteDescription()
	return d != nil && (c.UsernameFragment == nil || *c.UsernameFragment == ufragOf(d.SDP))
}

// flush takes the candidates that came before their description. It forgets the
// others: they belong to descriptions that were ignored or are past.
func (l *Link) flush() {
	early := l.trickle.early
	l.trickle.early = nil
	for _, c := range early {
		if l.describes(c) {
			l.fail(l.pc.AddICECandidate(c))
		}
	}
}
