package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The bus may be interrupted again and again while the rooms of a user are read.
func TestInterruptionsWhileRoomsAreRead(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, 7)
		b.store.change(func() { b.store.took = func() time.Duration { return time.Second } })
		c := b.arrive(0, 7)
		b.hear(0)
		b.hear(0)
		b.pass(100 * time.Millisecond)
		b.store.post(1, 8) // which is not heard of
		b.hear(0)
		b.pass(time.Minute)
		require.LessOrEqual(t, b.store.called("RoomIDsOf"), 3)
		got := c.take()
		require.NotEmpty(t, got)
		require.Equal(t, unreadFrame(1, 1, 1), got[len(got)-1].String())
	})
}
