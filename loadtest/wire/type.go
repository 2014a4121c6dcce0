package wire

import (
	"bytes"
	"encoding/json"

	"parley/protocol"
)

// TypeOf is the type of a server's frame, "" for what is none. It is looked for
// where Parley puts it; only if it is not there the JSON is decoded.
func TypeOf(payload []byte) protocol.Type {
	if rest, ok := bytes.CutPrefix(payload, []byte(`{"type":"`)); ok {
		if end := bytes.IndexByte(rest, '"'); end >= 0 {
			return known(rest[:end])
		}
	}
	var envelope struct {
		Type protocol.Type `json:"type"`
	}
	_ = json.Unmarshal(payload, &envelope) // what is no JSON has no type
	return envelope.Type
}

// known spares an allocation for the types that come in numbers.
func known(b []byte) protocol.Type {
	for _, t := range [...]protocol.Type{
		protocol.TypeChatMessage, protocol.TypeTyping, protocol.TypeAck, protocol.TypePong, protocol.TypeOffer, protocol.TypeICECandidate,
	} {
		if string(b) == string(t) {
			return t
		}
	}
	return protocol.Type(b)
}
