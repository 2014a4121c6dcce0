package e2e

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/client"
	"parley/protocol"
)

// shown is how a client shows who it is.
type shown struct {
	protocols []string
	header    http.Header
	query     string
}

func (c *chatting) with(t *testing.T, s shown) *websocket.Conn {
	t.Helper()
	conn, _, err := dialWith(t, c.node, c.socket(s.query), &websocket.DialOptions{
		Subprotocols: s.protocols, HTTPHeader: s.header,
	})
	require.NoError(t, err)
	return conn
}

// admitted returns whose socket it is, by its welcome.
func admitted(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	f := newBareReader(conn).next(t)
	require.Equal(t, protocol.TypeWelcome, f.Type)
	var w protocol.Welcome
	require.NoError(t, f.Into(&w))
	return w.User.Username
}

func authorization(scheme, token string) http.Header {
	return http.Header{"Authorization": {scheme + " " + token}}
}

func cookie(token string) http.Header {
	return http.Header{"Cookie": {"theme=dark; parley_token=" + token}}
}

func pair(token string) []string { return []string{"parley.v1", "parley.token." + token} }

// ticket makes a one-time ticket.
func ticket(t *testing.T, u *client.User) string {
	t.Helper()
	var out struct {
		Ticket    string    `json:"ticket"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	require.NoError(t, u.Call(within(t), http.MethodPost, "/api/auth/ticket/", nil, &out))
	require.NotEmpty(t, out.Ticket)
	return out.Ticket
}

func TestEveryWayToShowATokenLetsIn(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	token := c.users[0].Token
	for name, s := range map[string]shown{
		"subprotocol":   {protocols: pair(token)},
		"Token":         {header: authorization("Token", token)},
		"Bearer":        {header: authorization("bearer", token)},
		"ticket":        {query: "?ticket=" + ticket(t, c.users[0])},
		"token":         {query: "?token=" + token},
		"cookie":        {header: cookie(token)},
		"cookie beside": {header: http.Header{"Cookie": {`odd="a b"x{; parley_token=` + token + `; =y`}}},
	} {
		conn := c.with(t, s)
		require.Equal(t, "ann", admitted(t, conn), name)
		want := ""
		if s.protocols != nil {
			want = "parley.v1"
		}
		require.Equal(t, want, conn.Subprotocol(), name)
	}
}

// The first that is found counts, even where it is bad and a later one good.
func TestCredentialsPrecedence(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann, bob := c.users[0].Token, c.users[1].Token
	ways := []func(token string, into *shown){
		func(token string, into *shown) { into.protocols = pair(token) },
		func(token string, into *shown) { into.header.Set("Authorization", "Token "+token) },
		func(token string, into *shown) { into.query += "&ticket=" + token },
		func(token string, into *shown) { into.query += "&token=" + token },
		func(token string, into *shown) { into.header.Set("Cookie", "parley_token="+token) },
	}
	const ticketed = 2
	for i := range len(ways) - 1 {
		first, rest := ann, bob
		good, bad := shown{header: http.Header{}, query: "?"}, shown{header: http.Header{}, query: "?"}
		if i == ticketed {
			first = ticket(t, c.users[0])
		}
		ways[i](first, &good)
		ways[i]("nonsense", &bad)
		for j := i + 1; j < len(ways); j++ {
			if j == ticketed {
				continue // below
			}
			ways[j](rest, &good)
			ways[j](rest, &bad)
		}
		require.Equal(t, "ann", admitted(t, c.with(t, good)), "way %d", i)
		require.EqualValues(t, protocol.CloseUnauthenticated, bareCode(t, c.with(t, bad)), "way %d", i)
	}
}

func TestTicketIsSpentOnce(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	once := ticket(t, c.users[0])
	require.Equal(t, "bob", admitted(t, c.with(t, shown{
		header: authorization("Token", c.users[1].Token), query: "?ticket=" + once,
	})), "the header comes first")
	require.Equal(t, "ann", admitted(t, c.with(t, shown{query: "?ticket=" + once})), "and so it was not spent")
	require.EqualValues(t, protocol.CloseUnauthenticated, bareCode(t, c.with(t, shown{query: "?ticket=" + once})))
	require.EqualValues(t, protocol.CloseUnauthenticated,
		bareCode(t, c.with(t, shown{query: "?ticket=" + c.users[0].Token})), "a token is no ticket")
	unspent := ticket(t, c.users[0])
	require.EqualValues(t, protocol.CloseUnauthenticated,
		bareCode(t, c.with(t, shown{query: "?token=" + unspent})), "nor is a ticket a token")
}

func TestTicketDiesWithItsToken(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	again, err := c.Login(within(t), "ann", password)
	require.NoError(t, err)
	dead, alive := ticket(t, again), ticket(t, c.users[0])
	require.NoError(t, again.Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
	require.EqualValues(t, protocol.CloseUnauthenticated, bareCode(t, c.with(t, shown{query: "?ticket=" + dead})))
	require.Equal(t, "ann", admitted(t, c.with(t, shown{query: "?ticket=" + alive})))
}

func TestTicketExpires(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Auth.TicketTTL = time.Millisecond }), "ann")
	old := ticket(t, c.users[0])
	require.Eventually(t, func() bool { // there is no event but the clock's
		return bareCode(t, c.with(t, shown{query: "?ticket=" + old})) == websocket.StatusCode(protocol.CloseUnauthenticated)
	}, patience, time.Millisecond)
}

func TestWithoutValidCredentials(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	gone, err := c.Login(within(t), "ann", password)
	require.NoError(t, err)
	require.NoError(t, gone.Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
	basic := base64.StdEncoding.EncodeToString([]byte("ann:" + password))
	for name, s := range map[string]shown{
		"none":                {},
		"unknown":             {header: authorization("Token", "nonsense")},
		"unknown by protocol": {protocols: pair("nonsense")},
		"none by protocol":    {protocols: []string{"parley.v1"}},
		"logged out":          {header: authorization("Token", gone.Token)},
		"another scheme":      {header: authorization("Basic", basic)},
		"an empty token":      {query: "?token="},
		"an empty cookie":     {header: cookie("")},
	} {
		conn := c.with(t, s)
		require.EqualValues(t, protocol.CloseUnauthenticated, bareCode(t, conn), name)
		if s.protocols != nil {
			require.Equal(t, "parley.v1", conn.Subprotocol(), "echoed all the same")
		}
	}
}
