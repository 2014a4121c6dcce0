package e2e

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// crowd signs up n users at a time who join the first one's room.
func crowd(t *testing.T, n int) *chatting {
	t.Helper()
	c := startChat(t, "owner")
	c.users = append(c.users, make([]*client.User, n-1)...)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := 1 + worker; i < n; i += 8 {
				u, err := c.Register(t.Context(), fmt.Sprintf("user%d", i), password)
				if err == nil {
					err = u.JoinRoom(t.Context(), c.room.ID)
				}
				if err != nil {
					t.Errorf("user %d: %v", i, err)
					return
				}
				c.users[i] = u
			}
		})
	}
	wg.Wait()
	require.False(t, t.Failed())
	return c
}

// states reads presence_state frames until one has the count.
func states(t *testing.T, k *client.Socket, count int) protocol.PresenceState {
	t.Helper()
	for {
		st := await[protocol.PresenceState](t, k, protocol.TypePresenceState)
		if st.Count == count {
			return st
		}
	}
}

// Over 200 who are online there are counts, not names; below there are names
// again.
func TestPresenceOfALargeRoom(t *testing.T) {
	t.Parallel()
	const most = protocol.MaxPresenceList
	c := crowd(t, most+2)
	first, _ := c.arrive(t, 0)
	for i := 1; i < most; i++ {
		_, st := c.arrive(t, i)
		require.Equal(t, i+1, st.Count)
		require.Len(t, st.Users, i+1)
		next[protocol.PresenceChange](t, first, protocol.TypeUserOnline)
	}
	still(t, first)

	over, st := c.arrive(t, most)
	require.Equal(t, most+1, st.Count)
	require.Empty(t, st.Users)
	require.NotNil(t, st.Users, "an empty list, not null")
	another, st := c.arrive(t, most+1)
	require.Equal(t, most+2, st.Count)
	require.Empty(t, st.Users)
	f, err := first.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypePresenceState, f.Type, "a count instead of a name: %s", f.Raw)
	require.NoError(t, f.Into(&st))
	if st.Count != most+2 { // the two came in different seconds
		st = states(t, first, most+2)
	}
	require.Empty(t, st.Users)

	require.NoError(t, another.Close())
	require.NoError(t, over.Close())
	st = states(t, first, most)
	require.Len(t, st.Users, most, "few enough to be named")
	again, st := c.arrive(t, most)
	require.Equal(t, most+1, st.Count)
	require.NoError(t, again.Close())
}
