package e2e

import (
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// Somebody connects and posts all the time while the owner removes them: once
// the removal is answered, nothing of the room reaches them any more and nothing
// of theirs is stored.
func TestRemovalRacesWithHandshakesAndPosts(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "eve")
	ann := c.joined(t, 0)
	for round := range 8 {
		var wg sync.WaitGroup
		removed := make(chan struct{})
		sockets := make([][]*client.Socket, 4)
		for i := range sockets {
			wg.Go(func() { sockets[i] = intrude(t, c, removed) })
		}
		await[protocol.Message](t, ann, protocol.TypeChatMessage) // they are at it
		remove(t, c, 1)
		secret := "secret " + strconv.Itoa(round)
		ref := say(t, ann, secret)
		close(removed)
		wg.Wait()
		requireShutOut(t, sockets, secret)
		all := c.history(t, 0)
		require.Equal(t, ref.Seq, all[len(all)-1].Seq, "nothing was stored after the removal")
		add(t, c, 1)
	}
}

// intrude opens sockets and posts on each, until the removal was answered.
func intrude(t *testing.T, c *chatting, removed <-chan struct{}) (opened []*client.Socket) {
	for {
		k, err := c.users[1].Open(t.Context(), c.socket(""))
		if err != nil {
			t.Errorf("handshake: %v", err)
			return opened
		}
		opened = append(opened, k)
		// Either fails where the removal was faster.
		_, _ = k.Request(t.Context(), protocol.TypeChatMessage, text("eve was here"))
		_ = c.users[1].Call(t.Context(), http.MethodPost, c.path("messages/"), text("here too"), nil)
		select {
		case <-removed:
			return opened
		default:
		}
	}
}

// requireShutOut requires that each socket was closed 4403 without having seen
// the secret.
func requireShutOut(t *testing.T, sockets [][]*client.Socket, secret string) {
	t.Helper()
	for _, opened := range sockets {
		for _, k := range opened {
			require.Equal(t, protocol.CloseForbidden, closeCode(t, k))
			for {
				f, err := k.Next(within(t))
				if err != nil {
					break
				}
				require.NotContains(t, string(f.Raw), secret)
			}
			_ = k.Close()
		}
	}
}

// Logging out while the same token opens sockets leaves none of them open.
func TestLogoutRacesWithHandshakes(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	for range 8 {
		u, err := c.Login(within(t), "ann", password)
		require.NoError(t, err)
		var wg sync.WaitGroup
		opened := make([]*client.Socket, 12)
		begun := make(chan struct{}, len(opened))
		for i := range opened {
			wg.Go(func() {
				begun <- struct{}{}
				k, err := u.Open(t.Context(), c.socket(""))
				if err != nil {
					t.Errorf("handshake: %v", err)
					return
				}
				opened[i] = k
			})
		}
		<-begun
		require.NoError(t, u.Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
		wg.Wait()
		require.False(t, t.Failed())
		for _, k := range opened {
			require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, k))
			_ = k.Close()
		}
	}
}
