package signaling_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling"
	"parley/signaling/call"
)

// signals are an offer with the lines of a session description, and a candidate.
func signals() map[string][]byte {
	line := `a=rtcp-fb:96 transport-cc\r\na=fmtp:96 level-asymmetry-allowed=1\r\n`
	return map[string][]byte{
		"offer": []byte(`{"type":"offer","id":"17","data":{"target_user_id":2,"sdp":{"type":"offer","sdp":"v=0\r\n` +
			strings.Repeat(line, 2500/len(line)) + `"}}}`),
		"ice_candidate": []byte(`{"type":"ice_candidate","id":"18","data":{"target_peer_id":"p2","candidate":{"candidate":"candidate:842163049 ` +
			`1 udp 1677729535 203.0.113.5 46154 typ srflx raddr 10.0.0.7 rport 46154 generation 0 ufrag 4ZcD","sdpMid":"0","sdpMLineIndex":0}}}`),
	}
}

// relayer is the way of a signal without the room and the sockets around it:
// decode, ask the state machine, encode for the target, acknowledge.
type relayer struct {
	call     *call.Call
	from     protocol.Sender
	out, ack []byte
}

func newRelayer() *relayer {
	r := &relayer{call: call.New(call.Config{}), out: make([]byte, 0, 8<<10), ack: make([]byte, 0, 256)}
	for id, name := range []string{"ann", "bob"} {
		session := call.SessionID(id + 1)
		u := protocol.User{ID: int64(session), Username: name}
		r.call.Step(call.Connect{Session: session, User: u, PeerID: fmt.Sprintf("p%d", session)})
		r.call.Step(call.Join{Session: session})
	}
	r.from = protocol.NewSender(protocol.User{ID: 1, Username: "ann"}, "p1")
	return r
}

func (r *relayer) relay(frame []byte) error {
	e, err := protocol.Decode(frame)
	if err != nil {
		return err
	}
	target, err := e.Target()
	if err != nil {
		return err
	}
	actions := r.call.Step(call.Relay{Session: 1, Target: call.Target(target), Type: e.Type})
	f, ok := actions[0].(*call.Forward)
	if !ok || len(f.To) != 1 {
		return errors.New("not forwarded to one")
	}
	epoch := f.To[0].Epoch
	r.out = protocol.AppendRelay(r.out[:0], roomID, r.from, epoch, &e)
	r.ack = protocol.AppendReply(r.ack[:0], protocol.TypeAck, e.ID, roomID, protocol.Delivery{Delivery: protocol.Delivered, Epoch: epoch})
	return nil
}

func TestSignalAllocatesNothing(t *testing.T) {
	for name, frame := range signals() {
		r := newRelayer()
		require.Zero(t, testing.AllocsPerRun(100, func() {
			if err := r.relay(frame); err != nil {
				panic(err)
			}
		}), name)
		require.Contains(t, string(r.out), `"from_user_id":1`)
		require.Contains(t, string(r.ack), `"delivered","epoch":`)
	}
}

func BenchmarkSignal(b *testing.B) {
	for name, frame := range signals() {
		b.Run(name, func(b *testing.B) {
			r := newRelayer()
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if err := r.relay(frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

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
