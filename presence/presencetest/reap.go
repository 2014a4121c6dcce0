package presencetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/presence"
)

func reapSparesLiving(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	require.Empty(t, n.reap(t, "b"), "an empty space")
	n.enter(t, "a", 7, ann())
	n.enter(t, "b", 7, bob())
	require.Empty(t, n.reap(t, "a"))
	require.Empty(t, n.reap(t, "b"))
	n.expire(t, "a", "b")
	require.Empty(t, n.reap(t, "a"), "renewed in time")
	require.Empty(t, n.reap(t, "b"), "renewed in time")
	n.online(t, 7, at(7, "a", ann()), at(7, "b", bob()))
}

func reapHandsOut(t *testing.T, n *nodes) {
	n.join(t, "a", "b", "c")
	n.enter(t, "a", 7, ann(), bob())
	n.enter(t, "a", 8, ann())
	n.enter(t, "b", 7, ann())
	n.enter(t, "c", 7, ann())
	n.expire(t, "c")
	require.ElementsMatch(t, []presence.Entry{
		at(7, "a", ann()), at(7, "a", bob()), at(8, "a", ann()), at(7, "b", ann()),
	}, n.reap(t, "c"))
	require.Empty(t, n.reap(t, "c"), "handed out already")
	n.online(t, 7, at(7, "c", ann()))
	n.online(t, 8)
}

func reapLateEntry(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.expire(t, "b")
	n.enter(t, "a", 7, ann())
	n.online(t, 7)
	same(t, at7("a", ann()), n.reap(t, "b"), "entered without a lease")
	require.Empty(t, n.reap(t, "b"))
}

// reapOnce lets all survivors reap at once: together they get what the dead
// left, each entry once.
func reapOnce(t *testing.T, n *nodes) {
	const rooms, dead, perRoom = 20, 3, 5
	survivors := []string{"x", "y", "z"}
	n.join(t, survivors...)
	var want []presence.Entry
	for d := range dead {
		name := fmt.Sprint("dead", d)
		n.join(t, name)
		for room := range int64(rooms) {
			for u := range int64(perRoom) {
				e := at(room+1, name, presence.User{ID: u + 1, Username: fmt.Sprint("u", u)})
				want = append(want, e)
				n.enter(t, name, e.Room, e.User)
			}
		}
	}
	n.expire(t, survivors...)

	var all sync.WaitGroup
	got := make(chan []presence.Entry, len(survivors)*4)
	for range cap(got) / len(survivors) {
		for _, name := range survivors {
			all.Go(func() {
				entries, err := n.of[name].Reap(t.Context())
				if err != nil {
					t.Errorf("node %s: %v", name, err)
				}
				got <- entries
			})
		}
	}
	all.Wait()
	close(got)
	var together []presence.Entry
	for entries := range got {
		together = append(together, entries...)
	}
	require.ElementsMatch(t, want, together)
}

// reapWhileEntering reaps in the midst of the living coming and going.
func reapWhileEntering(t *testing.T, n *nodes) {
	n.join(t, "a", "b", "dead")
	n.enter(t, "dead", 7, eve())
	n.expire(t, "a", "b")
	var all sync.WaitGroup
	reaped := make(chan presence.Entry, 100)
	all.Go(func() {
		for range 30 {
			entries, err := n.of["b"].Reap(t.Context())
			if err != nil {
				t.Errorf("reap: %v", err)
			}
			for _, e := range entries {
				reaped <- e
			}
		}
	})
	all.Go(func() {
		for i := range int64(30) {
			u := presence.User{ID: i + 10}
			if err := n.of["a"].Enter(t.Context(), 7, u); err != nil {
				t.Errorf("enter: %v", err)
			}
			if err := n.of["a"].Leave(t.Context(), 7, u.ID); err != nil {
				t.Errorf("leave: %v", err)
			}
		}
	})
	all.Wait()
	close(reaped)
	var got []presence.Entry
	for e := range reaped {
		got = append(got, e)
	}
	require.Equal(t, []presence.Entry{at(7, "dead", eve())}, got)
	n.online(t, 7)
}

func at7(node string, u presence.User) []presence.Entry {
	return []presence.Entry{at(7, node, u)}
}
