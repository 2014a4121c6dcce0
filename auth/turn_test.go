package auth_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/pion/turn/v5"
	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
)

const turnSecret = "north"

func stunServer() protocol.ICEServer {
	return protocol.ICEServer{URLs: []string{"stun:stun.example.com"}}
}

// The form is the convention's, to the letter, and only servers that have no
// credentials get some.
func TestTURNCredentialsAreTheConventions(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 999e6, time.UTC)
	own := protocol.ICEServer{URLs: []string{"turn:own.example.com"}, Username: "u", Credential: "c"}
	servers := []protocol.ICEServer{
		stunServer(),
		{URLs: []string{"turn:turn.example.com?transport=udp", "turns:turn.example.com:5349"}},
		own,
		{URLs: []string{"stun:turn.example.com", "turns:turn.example.com"}},
	}
	given := auth.NewTURN(auth.TURNConfig{
		Servers: servers, Secret: turnSecret, TTL: 12 * time.Hour, Now: func() time.Time { return now },
	})
	for _, user := range []int64{7, protocol.MaxID - 1} {
		got := given.ICEServers(user)
		username := fmt.Sprintf("1893596645:%d", user)
		mac := hmac.New(sha1.New, []byte(turnSecret))
		mac.Write([]byte(username))
		password := base64.StdEncoding.EncodeToString(mac.Sum(nil))
		require.Equal(t, []protocol.ICEServer{
			stunServer(),
			{URLs: servers[1].URLs, Username: username, Credential: password},
			own,
			{URLs: servers[3].URLs, Username: username, Credential: password},
		}, got.ICEServers)
		require.Equal(t, time.Date(2030, 1, 2, 15, 4, 5, 0, time.UTC), got.ExpiresAt.Time)
	}
	require.Empty(t, servers[1].Username, "what was configured is left alone")
}

// A vector that was computed by other means:
// printf 1893596645:7 | openssl dgst -sha1 -hmac north -binary | base64
func TestTURNPasswordIsKnown(t *testing.T) {
	given := auth.NewTURN(auth.TURNConfig{
		Servers: []protocol.ICEServer{{URLs: []string{"turn:t"}}}, Secret: turnSecret,
		Now: func() time.Time { return time.Unix(1893596645, 0) },
	})
	require.Equal(t, "FRTEfaS5U3I6dWGkMixXtsbeoC4=", given.ICEServers(7).ICEServers[0].Credential)
}

func TestWithoutASecretNothingExpires(t *testing.T) {
	fixed := []protocol.ICEServer{stunServer(), {URLs: []string{"turn:t"}, Username: "u", Credential: "c"}}
	for _, cfg := range []auth.TURNConfig{
		{Servers: fixed},
		{Servers: fixed, Secret: turnSecret, TTL: time.Hour},
		{Servers: []protocol.ICEServer{}, Secret: turnSecret, TTL: time.Hour},
	} {
		require.Equal(t, protocol.ICEServers{ICEServers: cfg.Servers}, auth.NewTURN(cfg).ICEServers(7))
	}
}

// A TURN server that takes the convention's credentials gives an allocation for
// those that are good, and none for those that are not.
func TestATURNServerTakesTheCredentials(t *testing.T) {
	addr := turnServer(t)
	server := protocol.ICEServer{URLs: []string{"turn:" + addr}}
	for _, c := range []struct {
		about string
		cfg   auth.TURNConfig
		good  bool
	}{
		{"good", auth.TURNConfig{Secret: turnSecret, TTL: time.Minute}, true},
		{"expired", auth.TURNConfig{Secret: turnSecret, TTL: -time.Minute}, false},
		{"made with another secret", auth.TURNConfig{Secret: "south", TTL: time.Minute}, false},
	} {
		c.cfg.Servers = []protocol.ICEServer{server}
		given := auth.NewTURN(c.cfg).ICEServers(7).ICEServers[0]
		err := allocate(t, addr, given.Username, given.Credential)
		if !c.good {
			require.ErrorContains(t, err, "error 401", c.about)
			continue
		}
		require.NoError(t, err, c.about)
		require.Error(t, allocate(t, addr, given.Username+"0", given.Credential), "another user's name")
	}
}

// turnServer starts one on a free port.
func turnServer(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	s, err := turn.NewServer(turn.ServerConfig{
		Realm: "parley", AuthHandler: turn.LongTermTURNRESTAuthHandler(turnSecret, nil),
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: conn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{
				RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1",
			},
		}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return conn.LocalAddr().String()
}

// allocate asks a TURN server for a relayed address.
func allocate(t *testing.T, addr, username, password string) error {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	c, err := turn.NewClient(&turn.ClientConfig{
		TURNServerAddr: addr, STUNServerAddr: addr, Conn: conn, Username: username, Password: password, Realm: "parley",
	})
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.Listen())
	relayed, err := c.Allocate()
	if err != nil {
		return err
	}
	return relayed.Close()
}
