package presencetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/presence"
)

// servesAnyGoroutine lets many users come and go by both nodes at once. Each
// user's calls are made one after the other, so that the last one holds.
func servesAnyGoroutine(t *testing.T, n *nodes) {
	const users = 16
	n.join(t, "a", "b")
	var all sync.WaitGroup
	for id := range int64(users) {
		node := []string{"a", "b"}[id%2]
		u := presence.User{ID: id + 1, Username: fmt.Sprint("user", id)}
		all.Go(func() {
			if err := comeAndGo(t, n.of[node], u, id%4 < 2); err != nil {
				t.Errorf("user %d: %v", u.ID, err)
			}
		})
	}
	all.Wait()
	online, err := n.of["a"].Online(t.Context(), 7)
	require.NoError(t, err)
	require.Len(t, online, users/2)
	for _, e := range online {
		require.Less(t, (e.User.ID-1)%4, int64(2), "user %d left last", e.User.ID)
	}
}

func comeAndGo(t *testing.T, r presence.Registry, u presence.User, stay bool) error {
	ctx := t.Context()
	for range 20 {
		if err := r.Enter(ctx, 7, u); err != nil {
			return err
		}
		online, err := r.Online(ctx, 7)
		if err != nil {
			return err
		}
		if !shows(online, u) {
			return fmt.Errorf("is not among %d online", len(online))
		}
		if _, err := r.Renew(ctx); err != nil {
			return err
		}
		if err := r.Leave(ctx, 7, u.ID); err != nil {
			return err
		}
	}
	if !stay {
		return nil
	}
	return r.Enter(ctx, 7, u)
}

func shows(online []presence.Entry, u presence.User) bool {
	for _, e := range online {
		if e.User == u {
			return true
		}
	}
	return false
}
