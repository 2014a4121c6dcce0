package peer

import (
	"github.com/pion/webrtc/v4"

	"parley/protocol"
)

// negotiation is where perfect negotiation stands (W3C WebRTC, section 10.7).
// All of it runs on the link's goroutine, so that an offer is never half made
// when another comes.
//
// pion has no rollback. A polite peer therefore applies an offer of its own only
// once it is answered: giving it up is then nothing but forgetting it.
type negotiation struct {
	waits  bool                       // for the other's first offer
	wish   wish                       // what is asked for and not yet offered
	offer  *webrtc.SessionDescription // sent and not yet answered
	sought wish                       // what that offer is to fulfil
}

// wish is what somebody asked for, beyond what pion finds to be needed by itself.
type wish struct {
	offer   bool
	replace string // the ICE user name fragment that a restart is to replace
}

// Renegotiate offers anew, whether there is need or not.
func (l *Link) Renegotiate() {
	l.post(func() {
		l.negotiation.wish.offer = true
		l.negotiate()
	})
}

// Restart restarts ICE: both sides gather candidates anew and find a new path
// (RFC 8445, section 9). It does nothing before the first negotiation.
func (l *Link) Restart() {
	l.post(func() {
		l.negotiation.wish.replace = l.ufrag()
		l.negotiate()
	})
}

// ufrag names the ICE credentials in use, "" before the first negotiation.
func (l *Link) ufrag() string {
	if d := l.pc.CurrentLocalDescription(); d != nil {
		return ufragOf(d.SDP)
	}
	return ""
}

// needed offers because pion finds need. If that is not possible now, pion looks
// again after the next answer.
func (l *Link) needed() {
	if n := &l.negotiation; !n.waits && n.offer == nil {
		l.offer(wish{})
	}
}

// negotiate offers what is asked for, once no other offer is under way.
func (l *Link) negotiate() {
	n := &l.negotiation
	if n.wish.replace != l.ufrag() {
		n.wish.replace = "" // it was replaced meanwhile
	}
	if n.wish == (wish{}) || n.waits || n.offer != nil {
		return
	}
	w := n.wish
	n.wish = wish{}
	l.offer(w)
}

func (l *Link) offer(w wish) {
	offer, err := l.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: w.replace != ""})
	if err == nil && !l.polite {
		err = l.pc.SetLocalDescription(offer)
	}
	if err != nil {
		l.fail(err)
		return
	}
	l.negotiation.offer, l.negotiation.sought = &offer, w
	l.update(func(s *Status) { s.Offers++ })
	l.send(protocol.TypeOffer, signal{SDP: offer.SDP})
}

// signal takes what the other peer sent.
func (l *Link) signal(t protocol.Type, in signal) {
	before := l.ufrag()
	switch t {
	case protocol.TypeOffer:
		l.offered(in.SDP)
	case protocol.TypeAnswer:
		l.answered(in.SDP)
	case protocol.TypeICECandidate:
		if in.Candidate != nil {
			l.candidate(*in.Candidate)
		}
		return
	}
	if before != "" && l.ufrag() != before {
		l.update(func(s *Status) { s.Restarts++ })
	}
	l.negotiate()
}

// offered answers the other's offer, unless it collides with one's own and this
// side is not the polite one.
func (l *Link) offered(sdp string) {
	n := &l.negotiation
	n.waits = false
	if n.offer != nil && !l.polite {
		l.update(func(s *Status) { s.Ignored++ })
		return
	}
	var given wish // up
	if n.offer != nil {
		n.offer, given = nil, n.sought
		l.update(func(s *Status) { s.Yielded++ })
	}
	restarts := l.restarts(sdp)
	if err := l.answer(sdp); err != nil {
		l.fail(err)
		return
	}
	n.wish.offer = n.wish.offer || given.offer
	if given.replace != "" && !restarts {
		// pion's agent restarted when the offer was made, alone: once more, both.
		n.wish.replace = l.ufrag()
	}
}

// restarts reports whether an offer of the other's restarts ICE.
func (l *Link) restarts(sdp string) bool {
	d := l.pc.CurrentRemoteDescription()
	return d != nil && ufragOf(d.SDP) != ufragOf(sdp)
}

func (l *Link) answer(sdp string) error {
	l.rounds.Add(1)
	offer := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp}
	if err := l.pc.SetRemoteDescription(offer); err != nil {
		return err
	}
	answer, err := l.pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := l.pc.SetLocalDescription(answer); err != nil {
		return err
	}
	l.send(protocol.TypeAnswer, signal{SDP: answer.SDP})
	l.flush()
	return nil
}

// answered completes one's own offer.
func (l *Link) answered(sdp string) {
	n := &l.negotiation
	if n.offer == nil {
		return // to an offer that is no longer one's own
	}
	l.rounds.Add(1)
	offer := *n.offer
	n.offer = nil
	if l.polite {
		if err := l.pc.SetLocalDescription(offer); err != nil {
			l.fail(err)
			return
		}
	}
	if err := l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		l.fail(err)
		return
	}
	l.update(func(s *Status) { s.Answers++ })
	l.flush()
}
