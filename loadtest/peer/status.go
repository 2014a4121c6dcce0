package peer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"
)

// Status is how a link stands, at one moment.
type Status struct {
	Connection webrtc.PeerConnectionState
	Open       bool // the data channel is
	ICE        webrtc.ICEConnectionState
	DTLS       webrtc.DTLSTransportState
	First      Milestones

	// Negotiation
	Offers   int // sent
	Answers  int // received
	Ignored  int // offers that collided with one's own, as the impolite peer
	Yielded  int // one's own offers given up for the other's, as the polite peer
	Restarts int // times that new ICE credentials took effect

	Gatherings int // times that ICE candidates were gathered (RFC 8445, section 5.1.1)

	// Received
	Audio uint64 // RTP packets
	Video uint64 // RTP packets
}

// errEnded is why nothing more is to be expected of a link.
var errEnded = errors.New("the link has ended")

// Status is how the link stands.
func (l *Link) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.status
}

// Path is the selected candidate pair (RFC 8445, section 8.1.1) as text, "" before
// there is one.
func (l *Link) Path() string {
	pair, err := l.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return ""
	}
	return pair.String()
}

// Await waits until the status is as wanted. It fails when the link does, or
// ends before.
func (l *Link) Await(ctx context.Context, wanted func(Status) bool) error {
	for {
		l.mu.Lock()
		status, err := l.status, l.err
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		changed := l.changed
		l.mu.Unlock()
		switch {
		case wanted(status):
			return nil
		case err != nil:
			return err
		}
		select {
		case <-changed:
		case <-l.ended:
			if wanted(l.Status()) {
				return nil
			}
			return fmt.Errorf("peer: link to %s: %w (%+v)", l.peerID, errEnded, l.Status())
		case <-ctx.Done():
			return fmt.Errorf("peer: link to %s stays %+v: %w", l.peerID, status, ctx.Err())
		}
	}
}

// Connected waits until the connection is up and its data channel open.
func (l *Link) Connected(ctx context.Context) error {
	return l.Await(ctx, func(s Status) bool {
		return s.Connection == webrtc.PeerConnectionStateConnected && s.Open
	})
}

// update changes the status and wakes those who wait for it.
func (l *Link) update(change func(*Status)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.status)
	l.mark(time.Now())
	l.wake()
}

// wake tells those who wait to look again. l.mu is held.
func (l *Link) wake() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}
