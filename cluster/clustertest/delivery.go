package clustertest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/cluster"
)

func reachesBothNodes(t *testing.T, open Open) {
	a, b := open(t)
	onA, onB := subscribe(t, a, "room", 2), subscribe(t, b, "room", 2)
	publish(t, a, "room", "from a")
	onA.expect(t, "from a")
	onB.expect(t, "from a")
	publish(t, b, "room", "from b")
	onA.expect(t, "from b")
	onB.expect(t, "from b")
}

func reachesEverySubscription(t *testing.T, open Open) {
	a, b := open(t)
	first, second := subscribe(t, a, "room", 1), subscribe(t, a, "room", 1)
	publish(t, b, "room", "once each")
	first.expect(t, "once each")
	second.expect(t, "once each")
}

func carriesAnyPayload(t *testing.T, open Open) {
	a, b := open(t)
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	payloads := []string{
		"", "\x00", "\r\n", string(every), "\xff\xfe not UTF-8", `{"type":"offer"}`,
		strings.Repeat("x", 4<<10), strings.Repeat(string(every), 64<<10/256), strings.Repeat(string(every), 256<<10/256),
	}
	onA, onB := subscribe(t, a, "room", len(payloads)+1), subscribe(t, b, "room", len(payloads)+1)
	for _, p := range payloads {
		publish(t, a, "room", p)
	}
	require.NoError(t, a.Publish(t.Context(), "room", nil))
	for _, p := range append(payloads, "") {
		for _, in := range []*inbox{onA, onB} {
			got := in.next(t)
			require.Len(t, got, len(p), "length of a payload")
			if got != p { // a failure must not print megabytes
				require.Failf(t, "a payload was changed on its way", "%d bytes", len(p))
			}
		}
	}
}

// keepsOrder lets several goroutines on both nodes publish at once, and checks
// that each subscriber sees each of them in order, nothing lost or doubled.
func keepsOrder(t *testing.T, open Open) {
	const publishers, each = 6, 200
	a, b := open(t)
	inboxes := []*inbox{
		subscribe(t, a, "room", publishers*each),
		subscribe(t, b, "room", publishers*each),
	}
	var all sync.WaitGroup
	for p := range publishers {
		bus := [...]cluster.Bus{a, b}[p%2]
		all.Go(func() {
			for n := range each {
				if err := bus.Publish(t.Context(), "room", fmt.Appendf(nil, "%d %d", p, n)); err != nil {
					t.Errorf("publisher %d: %v", p, err)
					return
				}
			}
		})
	}
	all.Wait()
	for _, in := range inboxes {
		var seen [publishers]int
		for range publishers * each {
			payload := in.next(t)
			var p, n int
			_, err := fmt.Sscan(payload, &p, &n)
			require.NoError(t, err, "payload %q", payload)
			require.Equal(t, seen[p], n, "publisher %d out of order", p)
			seen[p]++
		}
	}
}

// keepsTopicsApart uses names that a back end with patterns, prefixes or
// separators of its own might take for something else.
func keepsTopicsApart(t *testing.T, open Open) {
	topics := []string{
		"room", "room:1", "room:12", "room:*", "room:?", "room:[12]", "Room", "room ", " room",
		"", "*", "{room}:1", "room/1", "room.>", "room\n1", "räume", strings.Repeat("long", 50),
	}
	a, b := open(t)
	inboxes := make([]*inbox, len(topics))
	for i, topic := range topics {
		inboxes[i] = subscribe(t, a, topic, len(topics)+1)
	}
	for _, topic := range topics {
		publish(t, b, topic, topic)
	}
	for _, topic := range topics {
		publish(t, b, topic, "the end")
	}
	for i, topic := range topics {
		inboxes[i].expect(t, topic, "the end")
		inboxes[i].empty(t, "topic "+topic)
	}
}

func servesManyTopics(t *testing.T, open Open) {
	const topics = 2000
	a, b := open(t)
	inboxes := make([]*inbox, topics)
	for i := range inboxes {
		inboxes[i] = subscribe(t, a, fmt.Sprint("room:", i), 1)
	}
	for i := range inboxes {
		publish(t, b, fmt.Sprint("room:", i), fmt.Sprint(i))
	}
	for i, in := range inboxes {
		in.expect(t, fmt.Sprint(i))
	}
}

func keepsNothing(t *testing.T, open Open) {
	a, b := open(t)
	publish(t, a, "room", "early")
	publish(t, b, "room", "early")
	in := subscribe(t, a, "room", 2)
	publish(t, b, "room", "late")
	in.expect(t, "late")
	in.empty(t, "it was published before anyone had subscribed")
}
