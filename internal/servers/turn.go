package servers

import (
	"net"

	"github.com/pion/turn/v5"
)

// TURN starts a TURN server on UDP whose credentials are those of a secret that it
// shares with the nodes (turn.secret), and returns its address. It runs within the
// test's process and ends with the test.
func TURN(tb TB, secret string) string {
	tb.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0") //nolint:noctx // it does not wait
	if err != nil {
		tb.Fatalf("servers: turn: %v", err)
	}
	s, err := turn.NewServer(turn.ServerConfig{
		Realm: "parley", AuthHandler: turn.LongTermTURNRESTAuthHandler(secret, nil),
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: conn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{
				RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1",
			},
		}},
	})
	if err != nil {
		_ = conn.Close()
		tb.Fatalf("servers: turn: %v", err)
	}
	tb.Cleanup(func() { _ = s.Close() }) // its sockets are of this process
	return conn.LocalAddr().String()
}
