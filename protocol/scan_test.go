package protocol_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// TestDecodeStringsOfAnyLength puts every byte at every place of strings of
// many lengths: strings are scanned by eight bytes and then one by one.
func TestDecodeStringsOfAnyLength(t *testing.T) {
	for length := range 26 {
		plain := strings.Repeat("~", length)
		for place := range length + 1 {
			for c := range 256 {
				text := plain[:place] + string([]byte{byte(c)}) + plain[place:]
				frame := []byte(`{"type":"` + text + `"}`)
				_, err := protocol.Decode(frame)
				require.Equal(t, json.Valid(frame), err == nil, "%q: %v", frame, err)
			}
		}
	}
}
