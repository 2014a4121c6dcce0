package room_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/room"
)

// What a node that had the line before still writes, does not take it from the one
// that has it.
func TestANoteOfThePastTakesNoLine(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	p := x.all[0].dial("user=7&ack=1")
	w := welcomed(t, p)
	swaps := 0
	note := func() { // changes the document before each of the first two attempts
		if swaps++; swaps > 2 {
			return
		}
		d := x.document(w.ConnectionID)
		_, stored, err := x.memory.Ledger().Swap(context.Background(), "line:"+w.ConnectionID, d.Version, room.NoteOf(x.all[1].hub.Boot()), time.Hour)
		require.NoError(t, err)
		require.True(t, stored)
	}
	x.cables[0].swapping.Store(&note)
	p.cut()
	x.all[0].await("suspended", 1)
	require.Eventually(t, func() bool {
		return string(x.document(w.ConnectionID).Value) != string(room.NoteOf(x.all[1].hub.Boot()))
	}, patience, time.Millisecond)
	require.Equal(t, 1, x.all[0].hub.Lines())
	require.True(t, welcomed(t, x.all[0].resume(w, 0, "user=7&ack=1")).Resumed)
}

// Nor does a node that had the line before remove what the one that has it put by.
func TestANodeOfThePastRemovesNoLine(t *testing.T) {
	x := startNodes(t, 2, lasting(), plain)
	p := x.all[0].dial("user=7&ack=1")
	w := welcomed(t, p)
	begun, goOn := make(chan struct{}, 9), make(chan struct{})
	wait := func() { begun <- struct{}{}; <-goOn }
	x.cables[0].swapping.Store(&wait)
	p.cut()
	take(t, begun, "the first node's Swap")
	p = x.all[1].resume(w, 0, "user=7&ack=1")
	require.True(t, welcomed(t, p).Resumed)
	p.cut()
	x.all[1].await("suspended", 1)
	x.putBy(w.ConnectionID)
	close(goOn)
	require.Eventually(t, func() bool { return x.all[0].hub.Deposits() == 0 }, patience, time.Millisecond)
	require.NotZero(t, x.document(w.ConnectionID).Version)
}
