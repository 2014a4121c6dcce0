package peer

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v4"
)

// inboxSize is how many messages wait for Receive before the other side is held
// back.
const inboxSize = 1024

// Send sends a message over the data channel, which must be open. It does not
// wait for the other side.
func (l *Link) Send(message []byte) error {
	l.mu.Lock()
	data := l.data
	l.mu.Unlock()
	if data == nil {
		return fmt.Errorf("peer: link to %s: the data channel is not open", l.peerID)
	}
	if err := data.Send(message); err != nil {
		return fmt.Errorf("peer: link to %s: %w", l.peerID, err)
	}
	return nil
}

// Receive returns the next message of the data channel.
func (l *Link) Receive(ctx context.Context) ([]byte, error) {
	select {
	case message := <-l.inbox:
		return message, nil
	default:
	}
	select {
	case message := <-l.inbox:
		return message, nil
	case <-l.ended:
		return nil, fmt.Errorf("peer: link to %s: %w", l.peerID, errEnded)
	case <-ctx.Done():
		return nil, fmt.Errorf("peer: link to %s: waiting for a message: %w", l.peerID, ctx.Err())
	}
}

func (l *Link) deliver(m webrtc.DataChannelMessage) {
	select {
	case l.inbox <- m.Data:
	case <-l.ctx.Done():
	}
}
