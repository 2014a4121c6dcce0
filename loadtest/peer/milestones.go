package peer

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// Milestones are when a link first reached each state; zero where it did not yet.
type Milestones struct {
	Answered time.Time // an offer of this side's was answered
	ICE      time.Time // a candidate pair works (RFC 8445, section 6.1.2.6)
	DTLS     time.Time // the handshake is done (RFC 8827, section 6.5)
	Up       time.Time // connected, and the data channel is open
}

// mark keeps when each milestone was first reached. l.mu is held.
func (l *Link) mark(now time.Time) {
	s := &l.status
	first := func(reached *time.Time, is bool) {
		if is && reached.IsZero() {
			*reached = now
		}
	}
	first(&s.First.Answered, s.Answers > 0)
	first(&s.First.ICE, s.ICE == webrtc.ICEConnectionStateConnected || s.ICE == webrtc.ICEConnectionStateCompleted)
	first(&s.First.DTLS, s.DTLS == webrtc.DTLSTransportStateConnected)
	first(&s.First.Up, s.Connection == webrtc.PeerConnectionStateConnected && s.Open)
}

// watch has the states of the transports below the connection noted.
func (l *Link) watch(pc *webrtc.PeerConnection) {
	pc.OnICEConnectionStateChange(func(now webrtc.ICEConnectionState) {
		l.update(func(s *Status) { s.ICE = now })
	})
	pc.SCTP().Transport().OnStateChange(func(now webrtc.DTLSTransportState) {
		l.update(func(s *Status) { s.DTLS = now })
	})
}

// CandidateTypes are the types of the selected candidate pair, this side's first
// (RFC 8445, section 4), such as "host" and "relay"; "" before there is one.
func (l *Link) CandidateTypes() (local, remote string) {
	if l.Status().First.ICE.IsZero() {
		return "", "" // and pion may be about to start the transport, unguarded
	}
	pair, err := l.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return "", ""
	}
	return pair.Local.Typ.String(), pair.Remote.Typ.String()
}
