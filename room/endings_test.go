package room_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/protocol"
	"parley/room"
)

// endings tells heard of what a hub says, in words.
func endings(heard func(string)) []room.Endings {
	return []room.Endings{{
		LoggedOut:      func(token int64) { heard(fmt.Sprint("token ", token)) },
		ProfileChanged: func(user int64) { heard(fmt.Sprint("profile ", user)) },
		Removed: func(room, user int64, why protocol.LeaveReason) {
			heard(fmt.Sprint("room ", room, " user ", user, " ", why))
		},
		Added:       func(room, user int64) { heard(fmt.Sprint("room ", room, " user ", user, " added")) },
		RoomDeleted: func(room int64) { heard(fmt.Sprint("room ", room)) },
	}}
}

func TestEveryNodeIsToldOfEndings(t *testing.T) {
	medium := cluster.NewMemory()
	heard := make(chan string, 16)
	var hubs []*room.Hub
	for _, node := range []string{"here: ", "there: "} {
		f := &fake{endings: endings(func(what string) { heard <- node + what })}
		hubs = append(hubs, startOn(t, room.Config{}, f, medium.Bus()).hub)
	}
	for want, end := range map[string]func(h *room.Hub){
		"token 5":             func(h *room.Hub) { h.LoggedOut(5) },
		"profile 7":           func(h *room.Hub) { h.ProfileChanged(7) },
		"room 3 user 7 left":  func(h *room.Hub) { h.Removed(3, 7, protocol.LeaveLeft) },
		"room 3 user 7 added": func(h *room.Hub) { h.Added(3, 7) },
		"room 3":              func(h *room.Hub) { h.RoomDeleted(3) },
	} {
		for _, h := range hubs {
			end(h)
			require.ElementsMatch(t, []string{"here: " + want, "there: " + want},
				[]string{take(t, heard, want), take(t, heard, want)})
		}
	}
}

func TestANewNameEndsNoSession(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	p := n.enter("user=7")
	n.hub.ProfileChanged(7)
	p.alive()
}

// Who was let in by what is remembered, up to the very moment at which it is
// forgotten, meets the fence.
func TestFencesStopWhatWasRememberedTillThen(t *testing.T) {
	var forgotten time.Time
	n := start(t, room.Config{}, &fake{endings: endings(func(string) { forgotten = time.Now() })})
	for _, c := range []struct {
		end  func()
		code protocol.CloseCode
	}{
		{func() { n.hub.Removed(1, 1, protocol.LeaveRemoved) }, protocol.CloseForbidden},
		{func() { n.hub.LoggedOut(1) }, protocol.CloseUnauthenticated},
		{func() { n.hub.RoomDeleted(1) }, protocol.CloseRoomDeleted},
	} {
		c.end()
		then := forgotten
		n.meanwhile(func(e *room.Entry) { e.Checked = then })
		require.Equal(t, c.code, n.dial("user=1").code())
	}
}
