package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/protocol"
)

const (
	// lookEvery is how often the node looks whether it has what it needs.
	lookEvery = time.Second
	// looksToBelieve is how many looks in a row must agree before clients are told:
	// one that fails may be a hiccup.
	looksToBelieve = 2
)

// reasons names what a dependency is to clients.
func reasons(failing []string) []string {
	var list []string
	for _, name := range failing {
		reason := protocol.ReasonCluster
		if name == checkStore {
			reason = protocol.ReasonStore
		}
		if !slices.Contains(list, reason) {
			list = append(list, reason)
		}
	}
	slices.Sort(list)
	return list
}

// watchDependencies tells clients what the node does without, until it stops.
func (a *App) watchDependencies() {
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		var told, last []string
		for agree := 0; ; {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			now := reasons(a.health.Failing())
			if agree++; !slices.Equal(now, last) {
				agree = 1
			}
			last = now
			if agree >= looksToBelieve && !slices.Equal(now, told) {
				told = now
				a.log.Warn("what the node does without has changed", "without", now)
				a.hub.Degrade(now)
			}
		}
	})
	a.onStop("look at dependencies", func(context.Context) error { cancel(); work.Wait(); return nil })
}
