package inbox_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func removedFrame(roomID int64, why protocol.LeaveReason) string {
	return fmt.Sprintf(`room_removed %d {"room_id":%d,"reason":"%s"}`, roomID, roomID, why)
}

// requireAdded wants one room_added, of a room as Get shows it.
func (c *fakeClient) requireAdded(roomID int64, participants int) {
	c.t.Helper()
	frames := c.take()
	require.Len(c.t, frames, 1)
	require.Equal(c.t, protocol.TypeRoomAdded, frames[0].Type)
	require.Equal(c.t, roomID, frames[0].RoomID)
	require.Contains(c.t, string(frames[0].Data), fmt.Sprintf(`{"room":{"id":%d,"name":"a room"`, roomID))
	require.Contains(c.t, string(frames[0].Data), fmt.Sprintf(`"participant_count":%d`, participants))
}

func TestRoomsComeAndGo(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		annHere, benHere, benThere := b.arrive(0, ann), b.arrive(0, ben), b.arrive(1, ben)
		b.join(1, ben)
		synctest.Wait()
		benHere.requireAdded(1, 2)
		benThere.requireAdded(1, 2)
		annHere.requireTaken()

		b.post(0, 1, ann)
		b.pass(2 * time.Second)
		annHere.requireTaken(unreadFrame(1, 0, 1))
		benThere.requireTaken(unreadFrame(1, 1, 1))
		benHere.take()

		b.leave(1, ben, protocol.LeaveRemoved)
		b.post(0, 1, ann)
		b.pass(2 * time.Second)
		benHere.requireTaken(removedFrame(1, protocol.LeaveRemoved))
		benThere.requireTaken(removedFrame(1, protocol.LeaveRemoved))
		annHere.requireTaken(unreadFrame(1, 0, 2))

		b.join(1, ben)
		synctest.Wait()
		benHere.requireAdded(1, 2)
		b.deleteRoom(1)
		synctest.Wait()
		benHere.requireTaken(removedFrame(1, protocol.LeaveRoomDeleted))
		annHere.requireTaken(removedFrame(1, protocol.LeaveRoomDeleted))
	})
}

// What a room shows of what is unread does not undo what was told since.
func TestARoomThatChangesWhileItIsRead(t *testing.T) {
	for _, took := range []time.Duration{500 * time.Millisecond, 4 * time.Second} {
		within(t, func(b *bench) {
			c := b.arrive(0, ann)
			b.store.change(func() { b.store.took = func() time.Duration { return took } })
			b.join(1, ann)
			synctest.Wait()
			b.store.change(func() { b.store.took = nil })
			b.pass(took/2 + 10*time.Millisecond) // it has been read, and is not known
			b.post(0, 1, ben)
			b.pass(9 * time.Second)
			frames := c.take()
			last := frames[len(frames)-1]
			require.Contains(t, string(last.Data), `"unread_count":1`, "%v", frames)
			require.Equal(t, protocol.TypeUnread, frames[0].Type)
		})
	}
}

// What is heard while a user's rooms are being read is done when they are.
func TestRoomsThatComeAndGoWhileTheyAreRead(t *testing.T) {
	within(t, func(b *bench) {
		for id := range int64(3) {
			b.store.join(id+1, ann)
		}
		b.store.change(func() { b.store.took = func() time.Duration { return 200 * time.Millisecond } })
		c := b.come(0, ann)
		b.pass(150 * time.Millisecond) // read, and not known
		b.leave(1, ann, protocol.LeaveLeft)
		b.deleteRoom(2)
		b.join(4, ann)
		synctest.Wait()
		c.requireTaken()
		b.pass(time.Second)
		frames := c.take()
		require.Len(t, frames, 3)
		require.Equal(t, removedFrame(1, protocol.LeaveLeft), frames[0].String())
		require.Equal(t, removedFrame(2, protocol.LeaveRoomDeleted), frames[1].String())
		require.Equal(t, protocol.TypeRoomAdded, frames[2].Type)
		require.Equal(t, int64(4), frames[2].RoomID)
		for id := range int64(4) {
			b.post(0, id+1, ben)
		}
		b.pass(time.Second)
		c.requireTaken(unreadFrame(3, 1, 1), unreadFrame(4, 1, 1))
	})
}

func TestARoomThatIsGoneBeforeItWasReadIsNotAdded(t *testing.T) {
	within(t, func(b *bench) {
		c := b.arrive(0, ann)
		b.store.change(func() { b.store.took = func() time.Duration { return 800 * time.Millisecond } })
		b.join(1, ann)
		b.pass(100 * time.Millisecond)
		b.leave(1, ann, protocol.LeaveLeft)
		b.pass(3 * time.Second)
		c.requireTaken(removedFrame(1, protocol.LeaveLeft))

		b.store.change(func() { b.store.failing["Get"] = errors.New("disk on fire") })
		b.join(1, ann)
		b.pass(3 * time.Second)
		c.requireTaken()
		b.store.change(func() { b.store.failing["Get"] = nil })
		b.pass(3 * time.Second)
		c.requireAdded(1, 1)
	})
}

func TestAUserWhoComesBackIsReadAnew(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		b.store.change(func() { b.store.took = func() time.Duration { return 100 * time.Millisecond } })
		first := b.come(0, ann)
		b.pass(50 * time.Millisecond)
		first.leave()
		first.leave() // twice is no fault
		second := b.come(0, ann)
		b.pass(time.Second)
		b.post(0, 1, ben)
		b.pass(time.Second)
		first.requireTaken()
		second.requireTaken(unreadFrame(1, 1, 1))
		second.leave()
		b.join(2, ann)
		b.leave(2, ann, protocol.LeaveLeft)
		b.deleteRoom(1)
		b.pass(time.Second)
		second.requireTaken()
	})
}
