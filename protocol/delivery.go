package protocol

import (
	"encoding/json"
	"strconv"
)

// Delivery is what became of a relayed frame: the ack of offer, answer,
// ice_candidate and signal.
type Delivery struct {
	Delivery DeliveryState `json:"delivery"`
	// Epoch is the from_epoch that the frame's one target sees. 0, and left out,
	// of a signal and of what went to every other peer.
	Epoch int64 `json:"epoch,omitempty"`
}

// AppendJSON implements Payload.
func (d Delivery) AppendJSON(b []byte) []byte {
	b = append(b, `{"delivery":`...)
	b = appendString(b, string(d.Delivery))
	if d.Epoch != 0 {
		b = append(b, `,"epoch":`...)
		b = strconv.AppendInt(b, d.Epoch, 10)
	}
	return append(b, '}')
}

// DeliveryState says whether a relayed frame reached its peers' sockets.
type DeliveryState string

// States of a delivery.
const (
	Delivered DeliveryState = "delivered"
	Queued    DeliveryState = "queued" // a target is suspended
)

// SignalExpired tells a sender that a frame which waited for a suspended peer,
// or had to and found no room, will not reach it.
type SignalExpired struct {
	UserID int64           `json:"user_id"` // the peer's
	PeerID string          `json:"peer_id"`
	Type   Type            `json:"type"`         // of the frame
	ID     json.RawMessage `json:"id,omitempty"` // of the frame, if it had one
}

// AppendJSON implements Payload.
func (s SignalExpired) AppendJSON(b []byte) []byte { return appendJSON(b, s) }
