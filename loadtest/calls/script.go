package calls

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

// recording is what two Chromium peers with audio, video and a data channel sent
// each other to connect. Addresses, keys and names are made up.
//
//go:embed recording.json
var recording []byte

// script is what the two sides of a connection send.
type script struct {
	Offer  side `json:"offer"`
	Answer side `json:"answer"`
}

// side is what one side sends.
type side struct {
	SDP        string            `json:"sdp"`
	Candidates []json.RawMessage `json:"candidates"`
}

// candidates are the side's, as signals.
func (s side) candidates() []signal {
	list := make([]signal, 0, len(s.Candidates))
	for _, c := range s.Candidates {
		list = append(list, signal{Candidate: c})
	}
	return list
}

func readScript() (s script, err error) {
	var compact bytes.Buffer // as a server may make it: what arrives is compared
	if err := json.Compact(&compact, recording); err != nil {
		return s, fmt.Errorf("calls: recording: %w", err)
	}
	if err := json.Unmarshal(compact.Bytes(), &s); err != nil {
		return s, fmt.Errorf("calls: recording: %w", err)
	}
	return s, nil
}
