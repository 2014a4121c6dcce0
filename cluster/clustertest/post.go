package clustertest

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/cluster"
)

// post hands a payload over, and again as long as the queue is full.
func post(t *testing.T, bus cluster.Bus, topic, payload string) {
	for !bus.Post(topic, []byte(payload)) {
		if t.Context().Err() != nil {
			t.Errorf("payload %q was never taken", payload)
			return
		}
		runtime.Gosched()
	}
}

func postReachesBothNodes(t *testing.T, open Open) {
	a, b := open(t)
	onA, onB := subscribe(t, a, "room", 3), subscribe(t, b, "room", 3)
	for _, payload := range []string{"first", "", "third"} {
		require.True(t, a.Post("room", []byte(payload)), "an idle bus takes %q", payload)
	}
	onA.expect(t, "first", "", "third")
	onB.expect(t, "first", "", "third")
}

func postsKeepOrder(t *testing.T, open Open) {
	const posters, each = 6, 500
	a, b := open(t)
	inboxes := []*inbox{
		subscribe(t, a, "room", posters*each),
		subscribe(t, b, "room", posters*each),
	}
	var all sync.WaitGroup
	for p := range posters {
		bus := [...]cluster.Bus{a, b}[p%2]
		all.Go(func() {
			for n := range each {
				post(t, bus, "room", fmt.Sprintf("%d %d", p, n))
			}
		})
	}
	all.Wait()
	for _, in := range inboxes {
		var seen [posters]int
		for range posters * each {
			payload := in.next(t)
			var p, n int
			_, err := fmt.Sscan(payload, &p, &n)
			require.NoError(t, err, "payload %q", payload)
			require.Equal(t, seen[p], n, "poster %d out of order", p)
			seen[p]++
		}
	}
}

// handlerMayPost answers from within a handler, on its own topic and another.
func handlerMayPost(t *testing.T, open Open) {
	a, b := open(t)
	answers := subscribe(t, b, "answers", 4)
	cancel, err := a.Subscribe(t.Context(), "room", func(payload []byte) {
		if len(payload) < 4 {
			post(t, a, "room", string(payload)+"x")
		}
		post(t, a, "answers", string(payload))
	})
	require.NoError(t, err)
	t.Cleanup(cancel)
	post(t, b, "room", "x")
	answers.expect(t, "x", "xx", "xxx", "xxxx")
}

func closedTakesNoPost(t *testing.T, open Open) {
	a, b := open(t)
	in := subscribe(t, b, "room", 1)
	require.NoError(t, a.Close())
	require.False(t, a.Post("room", []byte("after")))
	post(t, b, "room", "own")
	in.expect(t, "own")
}
