package peer

import (
	"time"

	"github.com/pion/webrtc/v4"

	"parley/protocol"
)

// observe takes in how the connection stands now. Notices of changes may come
// out of order, so what they say does not count.
func (l *Link) observe() {
	now := l.pc.ConnectionState()
	l.update(func(s *Status) { s.Connection = now })
	switch now {
	case webrtc.PeerConnectionStateConnected, webrtc.PeerConnectionStateFailed:
		l.report(now)
	}
}

// report tells the server, once, of a state that it counts.
func (l *Link) report(now webrtc.PeerConnectionState) {
	if l.reported == now {
		return
	}
	l.reported = now
	out := protocol.PeerState{PeerID: l.peerID, State: now.String()}
	if now == webrtc.PeerConnectionStateConnected {
		ms := float64(time.Since(l.began)) / float64(time.Millisecond)
		out.MS = &ms
		transport := l.pc.SCTP().Transport().ICETransport()
		if pair, err := transport.GetSelectedCandidatePair(); err == nil && pair != nil {
			out.LocalCandidateType = pair.Local.Typ.String()
			out.RemoteCandidateType = pair.Remote.Typ.String()
			out.Protocol = pair.Local.Protocol.String()
		}
	}
	l.peer.say(protocol.TypePeerState, out)
}
