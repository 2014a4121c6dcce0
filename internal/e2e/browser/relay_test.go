package browser

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/turn/v5"
	"github.com/stretchr/testify/require"

	"parley/configs"
)

// relay is a TURN server (RFC 8656) on the loopback interface, from which the
// network can be taken.
type relay struct {
	conn *lossy
}

const (
	relayUser     = "parley"
	relayPassword = "relayed"
	relayRealm    = "parley.test"
)

func startRelay(t *testing.T) *relay {
	t.Helper()
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	r := &relay{conn: &lossy{PacketConn: udp}}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: relayRealm,
		AuthHandler: func(a *turn.RequestAttributes) (string, []byte, bool) {
			return a.Username, turn.GenerateAuthKey(relayUser, relayRealm, relayPassword), a.Username == relayUser
		},
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: r.conn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{
				RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1",
			},
		}},
		ChannelBindTimeout: 10 * time.Minute,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return r
}

// server is how browsers are told of it.
func (r *relay) server() configs.ICEServer {
	return configs.ICEServer{
		URLs:     []string{"turn:" + r.conn.LocalAddr().String() + "?transport=udp"},
		Username: relayUser, Credential: relayPassword,
	}
}

// lossy is a socket that loses everything, both ways, while it is told to.
type lossy struct {
	net.PacketConn

	dropping atomic.Bool
}

// ReadFrom implements net.PacketConn.
func (l *lossy) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := l.PacketConn.ReadFrom(b)
		if err != nil || !l.dropping.Load() {
			return n, from, err
		}
	}
}

// WriteTo implements net.PacketConn.
func (l *lossy) WriteTo(b []byte, to net.Addr) (int, error) {
	if l.dropping.Load() {
		return len(b), nil
	}
	return l.PacketConn.WriteTo(b, to)
}

// set takes the network away, or gives it back. There is nothing to take without
// a relay.
func (r *relay) set(dropping bool) error {
	if r == nil {
		return errNoSuchThing
	}
	r.conn.dropping.Store(dropping)
	return nil
}
