package edge

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// So many run at once, so many wait, no more; and all that were taken run.
func TestAskingIsBounded(t *testing.T) {
	var a asking
	var ran sync.WaitGroup
	stand, standing := make(chan struct{}), make(chan struct{})
	ran.Add(askingWidth + askingQueue)
	for range askingWidth {
		require.True(t, a.run(func() { standing <- struct{}{}; <-stand; ran.Done() }))
	}
	for range askingWidth {
		<-standing
	}
	for range askingQueue {
		require.True(t, a.run(ran.Done))
	}
	require.False(t, a.run(ran.Done), "the queue is full")
	close(stand)
	ran.Wait()
	ran.Add(1)
	require.True(t, a.run(ran.Done), "there is room again")
	ran.Wait()
}
