package presencetest

import (
	"fmt"
	"testing"

	"parley/presence"
)

func enterShows(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.online(t, 7)
	n.enter(t, "a", 7, ann())
	n.online(t, 7, at(7, "a", ann()))
	n.enter(t, "b", 7, bob())
	n.online(t, 7, at(7, "a", ann()), at(7, "b", bob()))
	n.enter(t, "b", 7, ann())
	n.online(t, 7, at(7, "a", ann()), at(7, "b", ann()), at(7, "b", bob()))
	n.join(t, "c")
	n.online(t, 7, at(7, "a", ann()), at(7, "b", ann()), at(7, "b", bob()))
}

func enterTwice(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann(), ann())
	n.online(t, 7, at(7, "a", ann()))
	n.leave(t, "a", 7, ann())
	n.online(t, 7)
}

func enterUpdates(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	renamed := ann()
	renamed.DisplayName = "Ann the First"
	n.enter(t, "a", 7, renamed)
	n.online(t, 7, at(7, "a", renamed))
}

func leaveTakesAway(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann(), bob())
	n.leave(t, "a", 7, ann())
	n.online(t, 7, at(7, "a", bob()))
	n.leave(t, "a", 7, bob())
	n.online(t, 7)
}

func leaveIsPerNode(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	n.enter(t, "b", 7, ann())
	n.leave(t, "a", 7, ann())
	n.online(t, 7, at(7, "b", ann()))
	n.leave(t, "a", 7, ann())
	n.online(t, 7, at(7, "b", ann()))
}

func leaveAbsent(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.leave(t, "a", 7, ann(), ann())
	n.enter(t, "a", 7, ann())
	n.leave(t, "a", 7, ann(), ann())
	n.leave(t, "a", 8, ann())
	n.online(t, 7)
}

// turns ends once in and once out of the room: what is called last holds.
func turns(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	for range 20 {
		n.enter(t, "a", 7, ann())
		n.leave(t, "a", 7, ann())
		n.online(t, 7)
		n.enter(t, "a", 7, ann())
		n.online(t, 7, at(7, "a", ann()))
	}
}

func roomsApart(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 1, ann())
	n.enter(t, "b", 11, ann())
	n.enter(t, "a", 11, bob())
	n.leave(t, "a", 1, bob())
	n.online(t, 1, at(1, "a", ann()))
	n.online(t, 11, at(11, "b", ann()), at(11, "a", bob()))
	n.leave(t, "b", 11, ann())
	n.online(t, 1, at(1, "a", ann()))
	n.online(t, 111)
}

// onlineOrdered uses ids whose order as numbers is not that of their text.
func onlineOrdered(t *testing.T, n *nodes) {
	names := []string{"b", "a", "c"}
	n.join(t, names...)
	var want []presence.Entry
	for _, id := range []int64{1, 2, 9, 10, 100, 1 << 40} {
		u := presence.User{ID: id, Username: fmt.Sprint("user", id)}
		want = append(want, at(7, "a", u), at(7, "b", u), at(7, "c", u))
	}
	for i := range want {
		e := want[(i*7+3)%len(want)]
		n.enter(t, e.Node, 7, e.User)
	}
	n.online(t, 7, want...)
}

func anyValues(t *testing.T, n *nodes) {
	n.join(t, "host-1.example:8080", "{a}*")
	const room = 1<<53 - 1
	odd := []presence.User{
		{ID: 1},
		{ID: 2, Username: "a:b|c", DisplayName: "\"quoted\"\n\x00 and 日本 🎥"},
		{ID: 1<<53 - 1, Username: "last", DisplayName: " "},
	}
	var want []presence.Entry
	for _, u := range odd {
		n.enter(t, "host-1.example:8080", room, u)
		n.enter(t, "{a}*", room, u)
		want = append(want, at(room, "host-1.example:8080", u), at(room, "{a}*", u))
	}
	n.online(t, room, want...)
}
