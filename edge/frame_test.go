package edge

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

func TestFrameIsEncodedAsTheRFCSays(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 125, 126, 127, 255, 256, 65534, 65535, 65536, 65537, 1 << 20} {
		payload := []byte(strings.Repeat("p", n))
		want := ws.MustCompileFrame(ws.NewTextFrame(payload))
		for _, f := range []*Frame{
			TextOf(payload),
			NewText(func(b []byte) []byte { return append(b, payload...) }),
		} {
			require.Equal(t, want, f.wire, "%d bytes", n)
			require.Equal(t, string(payload), string(f.Payload()))
			require.Equal(t, len(want), f.Len())
		}
	}
}

func TestTextOfCopies(t *testing.T) {
	t.Parallel()
	payload := []byte("before")
	f := TextOf(payload)
	copy(payload, "after!")
	require.Equal(t, "before", string(f.Payload()))
}

func TestCloseFrame(t *testing.T) {
	t.Parallel()
	require.Equal(t, []byte{0x88, 0}, closing(Closure{Code: codeNoStatus, Reason: "not sent"}).wire)
	require.Equal(t, []byte{0x88, 5, 0x03, 0xe8, 'b', 'y', 'e'}, closing(Closure{Code: 1000, Reason: "bye"}).wire)
	for n := range 140 {
		for _, tail := range []string{"", "é", "☃", "🂡"} {
			reason := strings.Repeat("r", n) + tail + "end"
			cut := shorten(reason)
			require.LessOrEqual(t, len(cut), 123)
			require.True(t, utf8.ValidString(cut), "%q", cut)
			require.True(t, strings.HasPrefix(reason, cut))
			require.Greater(t, len(cut), min(len(reason), 123)-utf8.UTFMax)
		}
	}
}

func TestClosureOf(t *testing.T) {
	t.Parallel()
	allowed := 0
	for code := range 1 << 16 {
		how, fault := closureOf([]byte{byte(code >> 8), byte(code), 'x'})
		if fault == "" {
			allowed++
			require.Equal(t, Closure{Code: uint16(code), Reason: "x", Remote: true}, how)
		}
	}
	require.Equal(t, 12+2000, allowed, "1000 to 1014 without 1004 to 1006, and 3000 to 4999")
}
