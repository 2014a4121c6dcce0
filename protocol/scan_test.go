package protocol_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// TestDecodeEscapesAnywhere puts escapes, line ends first of all, at every place
// of strings, and cuts the frame off behind every byte.
func TestDecodeEscapesAnywhere(t *testing.T) {
	for _, escape := range []string{
		`\r\n`, `\n\r`, `\r\x`, `\r\`, `\r\n\`, `\r\n\r\n`, `\\r\n`, `\\\r\n`, `\"\r\n`, `\u000d\u000a`, `\u00`, `\ud800\r\n`,
	} {
		for before := range 17 {
			for after := range 10 {
				text := strings.Repeat("a", before) + escape + strings.Repeat("b", after)
				frame := []byte(`{"type":"` + text + `"}`)
				for end := len(frame) - after - len(escape); end <= len(frame); end++ {
					_, err := protocol.Decode(frame[:end])
					require.Equal(t, json.Valid(frame[:end]), err == nil, "%s: %v", frame[:end], err)
				}
			}
		}
	}
}

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
