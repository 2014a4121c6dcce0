package swarm

import (
	"bytes"
	"compress/flate"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// deflate compresses a message as a server does (RFC 7692, section 7.2.1).
func deflate(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	require.NoError(t, err)
	_, err = w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

func TestInflate(t *testing.T) {
	var f inflater
	for _, text := range []string{"", "a", "hello", strings.Repeat("hello ", 10_000), "again"} {
		got, err := f.message(deflate(t, text))
		require.NoError(t, err)
		require.Equal(t, text, string(got))
	}
	_, err := f.message([]byte{0xff, 0xff})
	require.Error(t, err)
	_, err = f.message(deflate(t, strings.Repeat("x", mostInflated+1)))
	require.ErrorContains(t, err, "too large")
	got, err := f.message(deflate(t, "after"))
	require.NoError(t, err, "an error ends one message only")
	require.Equal(t, "after", string(got))
}
