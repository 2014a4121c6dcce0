package room_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// A vault that is out of reach does not keep a node from ending: where it takes
// nothing, not all sessions are tried.
func TestParkGivesAVaultUpThatTakesNothing(t *testing.T) {
	x := startNodes(t, 1, lasting(), plain)
	a := x.all[0]
	x.cables[0].down.Store(true)
	const sessions = 200
	for i := range sessions {
		a.enter(fmt.Sprintf("user=%d", i+1))
	}
	a.hub.Drain()
	a.await("suspended", sessions)
	var tries atomic.Int64
	hang := make(chan struct{})
	defer close(hang)
	fail := func() {
		if tries.Add(1) > sessions-64 {
			<-hang
		}
	}
	x.cables[0].swapping.Store(&fail)
	parked := make(chan error, 1)
	go func() { parked <- a.hub.Park(t.Context()) }()
	require.ErrorContains(t, take(t, parked, "Park"), "200 sessions were not put by: the vault is out of reach")
}
