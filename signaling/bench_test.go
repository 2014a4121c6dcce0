package signaling_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling"
)

// BenchmarkRelay sends an offer of 4 KB from one peer to another over real
// sockets, one at a time: the time is that of a whole way through the server.
func BenchmarkRelay(b *testing.B) {
	n := start(b, signaling.Config{})
	ann, bob := n.open(b, 1), n.open(b, 2)
	ann.join(b)
	bob.join(b)
	sdp := make([]byte, 4096)
	for i := range sdp {
		sdp[i] = 'v'
	}
	frame := `{"type":"offer","data":{"target_user_id":2,"sdp":"` + string(sdp) + `"}}`
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	for b.Loop() {
		ann.send(b, frame)
		require.NotEmpty(b, bob.await(b, protocol.TypeOffer))
	}
}
