package clustertest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/cluster"
)

// servesAnyGoroutine lets goroutines on both nodes subscribe, publish, wait for
// their own payload and cancel, all on a few topics.
func servesAnyGoroutine(t *testing.T, open Open) {
	a, b := open(t)
	var all sync.WaitGroup
	for worker := range 8 {
		bus, peer := a, b
		if worker%2 == 1 {
			bus, peer = b, a
		}
		all.Go(func() {
			for turn := range 40 {
				topic := fmt.Sprint("room:", (worker+turn)%3)
				if err := roundTrip(t, bus, peer, topic, fmt.Sprint(worker, turn)); err != nil {
					t.Errorf("worker %d, turn %d: %v", worker, turn, err)
					return
				}
			}
		})
	}
	all.Wait()
}

// roundTrip subscribes on one node and waits for what it published on another.
func roundTrip(t *testing.T, bus, peer cluster.Bus, topic, payload string) error {
	got := make(chan struct{})
	once := sync.OnceFunc(func() { close(got) })
	cancel, err := bus.Subscribe(t.Context(), topic, func(p []byte) {
		if string(p) == payload {
			once()
		}
	})
	if err != nil {
		return err
	}
	defer cancel()
	if err := peer.Publish(t.Context(), topic, []byte(payload)); err != nil {
		return err
	}
	select {
	case <-got:
		return nil
	case <-time.After(patience):
		return fmt.Errorf("payload %q was not delivered in %s", payload, patience)
	}
}
