package e2e

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/faults"
	"parley/loadtest/client"
	"parley/protocol"
)

// traveller is one user's session in a random schedule: with a room's chat or its
// call, or, on a multiplexed socket, both.
type traveller struct {
	*tracked
	far   *distant
	room  int64
	lines []*line
	all   bool      // it has one socket for everything
	from  []int64   // by stream, where the welcome does not say it: the seq that the first message follows
	lost  time.Time // since when the socket may be lost; zero: it is not

	broken   bool // a stream of its ended
	expires  bool // it is to stay away past its window
	returned bool // it came back all the same
}

// openTraveller opens a session with one channel, or on one socket for everything
// with several.
func openTraveller(ctx context.Context, u *client.User, room int64, kinds ...protocol.Channel) (*traveller, error) {
	far, err := keepAway(u)
	if err != nil {
		return nil, err
	}
	v := &traveller{far: far, room: room, all: len(kinds) > 1}
	path := fmt.Sprintf(map[protocol.Channel]string{protocol.ChannelChat: "/ws/room/%d/", protocol.ChannelCall: "/ws/call/%d/"}[kinds[0]], room)
	if v.all {
		path = "/ws/"
	}
	if v.tracked, err = track(ctx, far.User, path); err == nil {
		err = v.begin(ctx)
	}
	if err != nil {
		far.proxy.Close()
		if v.tracked != nil {
			v.end()
		}
		return nil, err
	}
	for _, kind := range kinds {
		v.add(ctx, kind)
	}
	return v, nil
}

// begin begins a stream: a multiplexed socket has no subscriptions yet. It asks for
// the messages that it has not.
func (v *traveller) begin(ctx context.Context) error {
	if !v.all {
		return nil
	}
	if err := v.caughtUp(ctx); err != nil {
		return err
	}
	seen := v.seen(v.Streams())
	v.from = append(v.from, seen)
	for _, kind := range []protocol.Channel{protocol.ChannelChat, protocol.ChannelCall} {
		data := m{"room_id": v.room, "channel": kind, "since_seq": seen}
		if _, err := v.Request(ctx, protocol.TypeSubscribe, data); err != nil {
			return fmt.Errorf("subscribe: %w", err)
		}
	}
	return nil
}

// upToDate waits until all that was sent to the session has come, and in a chat the
// room's last message. On a multiplexed socket, whose pings are not answered by its
// room, other frames are.
func (v *traveller) upToDate(ctx context.Context, last int64) error {
	if v.all {
		if err := v.Record.Await(ctx, func(all []client.Stream) bool { return v.seen(all) >= last }); err != nil {
			return fmt.Errorf("has message %d, not %d: %w", v.seen(v.Streams()), last, err)
		}
		for typ, data := range map[protocol.Type]m{protocol.TypeTyping: {"note": 0}, protocol.TypePeerState: {"peer_id": 0}} {
			var refusal *client.FrameError
			if _, err := v.Request(ctx, typ, v.data(data)); !errors.As(err, &refusal) {
				return fmt.Errorf("%s is not refused: %w", typ, err)
			}
		}
	}
	return v.caughtUp(ctx)
}

// seen is the seq of the last message that came.
func (v *traveller) seen(streams []client.Stream) (seq int64) {
	for _, f := range frames(streams) {
		var msg protocol.Message
		if f.Type == protocol.TypeChatMessage && f.Into(&msg) == nil {
			seq = msg.Seq
		}
	}
	return seq
}

// data is the data of a frame for the room.
func (v *traveller) data(data any) any {
	if v.all {
		return in(v.room, data)
	}
	return data
}

// lose loses the connection now.
func (v *traveller) lose(f fault) {
	v.mayBeLost()
	f.do(v.far.proxy.Current())
}

// loseAt loses it when a message is at a place.
func (v *traveller) loseAt(f fault, d faults.Direction, k int, place faults.Place) {
	v.mayBeLost()
	c := v.far.proxy.Current()
	c.At(d, k, place, func() { f.do(c) })
}

func (v *traveller) mayBeLost() {
	if v.lost.IsZero() {
		v.lost = time.Now()
	}
}

// clear cuts what may be cut at any moment, so that what follows is undisturbed.
func (v *traveller) clear() {
	if !v.lost.IsZero() {
		v.far.proxy.Current().Cut()
	}
}

// comeBack returns with a new socket, from one that may be lost or not. Within the
// window the session must be resumed.
func (v *traveller) comeBack(ctx context.Context) error {
	since := v.lost
	if since.IsZero() {
		since = time.Now()
	}
	w, err := v.Return(ctx)
	took := time.Since(since)
	if err == nil && !w.Resumed && took < shortWindow {
		err = fmt.Errorf("not resumed after %v", took)
	}
	if err != nil {
		return fmt.Errorf("%s returns: %w", v, err)
	}
	v.lost, v.returned = time.Time{}, true
	return v.returnedAs(ctx, w)
}

// returnedAs goes on after a return: from where it was, or from the beginning.
func (v *traveller) returnedAs(ctx context.Context, w protocol.Welcome) error {
	if w.Resumed {
		return nil
	}
	v.broken = true
	return v.begin(ctx)
}

func (v *traveller) String() string { return v.far.Account.Username + "'s session" }
