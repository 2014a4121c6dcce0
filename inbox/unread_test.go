package inbox_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"parley/protocol"

	"github.com/stretchr/testify/require"
)

const (
	ann = iota + 1
	ben
	eve
)

func TestAClientIsToldWhatIsUnreadWhenItArrives(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann, ben)
		b.store.join(2, ann, ben)
		b.store.join(3, ben)
		for range 3 {
			b.store.post(1, ann)
			b.store.post(3, eve)
		}
		b.arrive(0, ann).requireTaken()
		want := []string{unreadFrame(1, 3, 3), unreadFrame(3, 3, 3)}
		first := b.arrive(0, ben)
		first.requireTaken(want...)
		b.arrive(0, ben).requireTaken(want...)
		first.requireTaken()
		require.Equal(t, 2, b.store.called("RoomIDsOf"), "a user's rooms are read once")
	})
}

func TestAtMostTwoHundredRoomsAreToldOnArrival(t *testing.T) {
	within(t, func(b *bench) {
		for id := range int64(250) {
			b.store.join(id+1, ann, ben)
			b.store.post(id+1, ben)
		}
		require.Len(t, b.arrive(0, ann).take(), 200)
	})
}

func TestMessagesReachUsersOfEveryNode(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann, ben)
		annHere, benHere, benThere, eveThere := b.arrive(0, ann), b.arrive(0, ben), b.arrive(1, ben), b.arrive(1, eve)
		b.post(0, 1, ann)
		synctest.Wait() // no time passes: the room was quiet
		annHere.requireTaken(unreadFrame(1, 0, 1))
		benHere.requireTaken(unreadFrame(1, 1, 1))
		benThere.requireTaken(unreadFrame(1, 1, 1))
		eveThere.requireTaken()
	})
}

func TestAReadMarkerIsToldToItsUserAlone(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann, ben)
		b.store.post(1, eve)
		annHere, benThere := b.arrive(0, ann), b.arrive(1, ben)
		annHere.requireTaken(unreadFrame(1, 1, 1))
		benThere.requireTaken(unreadFrame(1, 1, 1))
		b.read(0, 1, ben)
		synctest.Wait()
		benThere.requireTaken(unreadFrame(1, 0, 1))
		annHere.requireTaken()
	})
}

func TestChangesOfARoomAreGatheredForASecond(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		b.store.join(2, ann)
		c := b.arrive(0, ann)
		for range 30 {
			b.post(0, 1, ben)
			b.pass(100 * time.Millisecond)
		}
		b.pass(2 * time.Second)
		var last received
		frames := c.take()
		for _, f := range frames {
			if !last.at.IsZero() {
				require.GreaterOrEqual(t, f.at.Sub(last.at), time.Second)
			}
			last = f
		}
		require.Equal(t, unreadFrame(1, 30, 30), last.String())
		require.Len(t, frames, 4)
		require.Equal(t, 4, b.store.called("UnreadOf"))

		b.pass(2 * time.Second)
		b.post(0, 1, ben)
		b.post(0, 2, ben)
		b.pass(60 * time.Millisecond) // what a node publishes goes together
		c.requireTaken(unreadFrame(1, 31, 31), unreadFrame(2, 1, 1))
	})
}

func TestARoomNobodyIsInIsNotCounted(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		b.store.join(2, ben)
		c := b.arrive(0, ann)
		b.post(0, 2, ben)
		b.read(0, 2, ben)
		b.read(0, 1, ben)
		b.pass(time.Second)
		require.Zero(t, b.store.called("UnreadOf"))
		c.leave()
		b.post(0, 1, ben)
		b.pass(time.Second)
		require.Zero(t, b.store.called("UnreadOf"))
		c.requireTaken()
	})
}

// Where counting takes long, it is not done all the time.
func TestCountingTakesATenthOfTheTime(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		b.arrive(0, ann)
		b.store.change(func() { b.store.took = func() time.Duration { return 500 * time.Millisecond } })
		for range 60 {
			b.post(0, 1, ben)
			b.pass(time.Second)
		}
		require.LessOrEqual(t, b.store.called("UnreadOf"), 12)
		require.GreaterOrEqual(t, b.store.called("UnreadOf"), 10)
	})
}

func TestWhatCannotBeReadIsReadLater(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, method := range []string{"RoomIDsOf", "UnreadRooms", "UnreadOf"} {
		within(t, func(b *bench) {
			b.store.join(1, ann)
			b.store.post(1, ben)
			b.store.change(func() { b.store.failing[method] = broken })
			c := b.arrive(0, ann)
			b.post(0, 1, ben)
			b.pass(3 * time.Second)
			c.take()
			b.post(0, 1, ben)
			b.store.change(func() { b.store.failing[method] = nil })
			b.pass(3 * time.Second)
			frames := c.take()
			require.NotEmpty(t, frames, method)
			require.Equal(t, unreadFrame(1, 3, 3), frames[len(frames)-1].String(), method)
		})
	}
}

func TestACallThatBeginsIsToldToTheOthers(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann, ben)
		annHere, benHere, benThere, eveThere := b.arrive(0, ann), b.arrive(0, ben), b.arrive(1, ben), b.arrive(1, eve)
		b.nodes[0].CallStarted(1, protocol.User{ID: ann, Username: "ann", DisplayName: "Ann"})
		synctest.Wait()
		want := `incoming_call 1 {"room_id":1,"from":{"id":1,"username":"ann","display_name":"Ann"}}`
		benHere.requireTaken(want)
		benThere.requireTaken(want)
		annHere.requireTaken()
		eveThere.requireTaken()
	})
}

func TestWhatWasMissedIsCaughtUpWith(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		b.store.join(2, ann)
		c := b.arrive(0, ann)
		b.deaf = true
		b.post(1, 1, ben)
		b.store.leave(2, ann)
		b.pass(5 * time.Second)
		c.requireTaken()
		b.hear(0)
		b.pass(5 * time.Second)
		c.requireTaken(unreadFrame(1, 1, 1), removedFrame(2, protocol.LeaveRemoved))
		b.store.join(3, ann)
		b.hear(0)
		b.pass(5 * time.Second)
		frames := c.take()
		require.Len(t, frames, 2)
		require.ElementsMatch(t, []protocol.Type{protocol.TypeUnread, protocol.TypeRoomAdded}, []protocol.Type{frames[0].Type, frames[1].Type})
		b.hear(0)
		b.pass(5 * time.Second)
		c.requireTaken(unreadFrame(1, 1, 1)) // again, and no more
	})
}

func TestNewsIsHeardHereWhenTheBusFails(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		c := b.arrive(0, ann)
		b.deaf = true
		b.post(0, 1, ben)
		synctest.Wait()
		c.requireTaken(unreadFrame(1, 1, 1))
	})
}

func TestWhatHappenedBeforeStopIsHeardElsewhere(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		b.store.join(2, ann)
		c := b.arrive(1, ann)
		b.post(0, 1, ben)
		synctest.Wait()
		b.post(0, 2, ben) // waits, for what may go with it
		b.nodes[0].Stop()
		synctest.Wait()
		c.requireTaken(unreadFrame(1, 1, 1), unreadFrame(2, 1, 1))
		b.post(0, 1, ben)
		b.come(0, ben).leave()
		b.pass(5 * time.Second)
		c.requireTaken()
	})
}

// What was read long ago is read again: what was told since would be undone by it.
func TestASlowReadIsNotBelieved(t *testing.T) {
	within(t, func(b *bench) {
		b.store.join(1, ann)
		b.store.post(1, ben)
		b.arrive(0, ann)
		b.store.change(func() { b.store.took = func() time.Duration { return 4 * time.Second } })
		c := b.arrive(0, ann)
		b.store.change(func() { b.store.took = nil })
		b.pass(2100 * time.Millisecond) // it has been read, and is not known
		b.read(0, 1, ann)
		b.pass(5 * time.Second)
		c.requireTaken(unreadFrame(1, 0, 1), unreadFrame(1, 0, 1))
	})
}

func TestOnlyMultiplexedSocketsHaveAnInbox(t *testing.T) {
	within(t, func(b *bench) {
		c := &fakeClient{t: t, node: b.nodes[0], user: protocol.User{ID: ann}}
		b.nodes[0].hub.Arrived(c, protocol.ChannelChat)
		synctest.Wait()
		b.nodes[0].hub.Left(c, protocol.ChannelChat)
		require.Zero(t, b.store.called("RoomIDsOf"))
	})
}
