package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// known opens the i-th user's socket until the node needs no store for it, and
// fails if it never does.
func (c *chatting) known(t *testing.T, i int) *client.Socket {
	t.Helper()
	const fact = `parley_handshake_lookups_total{fact="participant",source="memory"}`
	for range 3 {
		before := scrape(t, c.AdminURL()).value(t, fact)
		k := c.joined(t, i)
		if scrape(t, c.AdminURL()).value(t, fact) > before {
			return k
		}
	}
	require.FailNow(t, "every handshake asks the store")
	return nil
}

func TestARememberedParticipantIsRemovedAtOnce(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	for range 5 {
		bob := c.known(t, 1)
		remove(t, c, 1)
		require.Equal(t, protocol.CloseForbidden, closeCode(t, open(t, c.users[1], c.socket(""))), "back at once")
		require.Equal(t, protocol.CloseForbidden, closeCode(t, open(t, c.users[1], c.socket(""))), "and again")
		require.Equal(t, protocol.CloseForbidden, closeCode(t, bob))
		add(t, c, 1)
		say(t, c.joined(t, 1), "added again, and in at once")
	}
}

func TestWhatIsRememberedEndsAtOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path string
		code         protocol.CloseCode
	}{
		"logout": {http.MethodPost, "/api/auth/logout/", protocol.CloseUnauthenticated},
		"leave":  {http.MethodPost, "leave/", protocol.CloseForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startChat(t, "ann", "bob")
			c.known(t, 1)
			path := test.path
			if path[0] != '/' {
				path = c.path(path)
			}
			require.NoError(t, c.users[1].Call(within(t), test.method, path, nil, nil))
			require.Equal(t, test.code, closeCode(t, open(t, c.users[1], c.socket(""))))
		})
	}
	t.Run("deletion", func(t *testing.T) {
		t.Parallel()
		c := startChat(t, "ann", "bob")
		c.known(t, 1)
		require.NoError(t, c.users[0].Call(within(t), http.MethodDelete, c.path(""), nil, nil))
		require.Equal(t, protocol.CloseForbidden, closeCode(t, open(t, c.users[1], c.socket(""))))
	})
}

func TestANewNameIsInTheNextWelcome(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	for _, name := range []string{"Ann I", "Ann II", "Ann III"} {
		c.known(t, 0)
		in := map[string]string{"display_name": name}
		require.NoError(t, c.users[0].Call(within(t), http.MethodPatch, "/api/auth/profile/", in, nil))
		w := next[protocol.Welcome](t, open(t, c.users[0], c.socket("")), protocol.TypeWelcome)
		require.Equal(t, name, w.User.DisplayName)
	}
}
