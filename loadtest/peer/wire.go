package peer

import (
	"strings"

	"github.com/pion/webrtc/v4"

	"parley/protocol"
)

// signal is an offer, an answer or a candidate, as peers send it to each other
// through the server.
type signal struct {
	Target    string                   `json:"target_peer_id,omitempty"`
	From      string                   `json:"from_peer_id,omitempty"` // the server's word
	SDP       string                   `json:"sdp,omitempty"`
	Candidate *webrtc.ICECandidateInit `json:"candidate,omitempty"`
}

// send gives a signal to the server. A peer that does not return may lose it with
// its socket; what is connected stays so. A link's end does not interrupt it: the
// socket serves the other links too.
func (l *Link) send(t protocol.Type, s signal) {
	s.Target = l.peerID
	l.peer.say(t, s)
}

// ufragOf is the ICE user name fragment in an SDP or in a candidate, "" if there
// is none (RFC 8839, sections 5.1 and 5.4).
func ufragOf(text string) string {
	_, rest, found := strings.Cut(text, "a=ice-ufrag:")
	if !found {
		_, rest, _ = strings.Cut(text, " ufrag ")
	}
	ufrag, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	ufrag, _, _ = strings.Cut(ufrag, "\r")
	ufrag, _, _ = strings.Cut(ufrag, "\n")
	return ufrag
}
