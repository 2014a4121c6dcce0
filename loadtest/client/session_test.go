package client_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func TestSessionReturnsForWhatItMissed(t *testing.T) {
	s := newResuming(t)
	k := s.open(t, client.SessionConfig{Comeback: client.OnDemand, Ack: true})
	s.say("a", "b")
	next(t, k, "welcome", "a", "b")
	k.Socket().Cut()
	s.say("c", "d")
	w, err := k.Return(within(t))
	require.NoError(t, err)
	require.True(t, w.Resumed)
	s.say("e")
	next(t, k, "welcome", "c", "d", "e")

	s.set(func() { s.mute = true })
	s.say("f") // kept, but not sent
	w, err = k.Return(within(t))
	require.NoError(t, err, "from a socket that was alive")
	require.True(t, w.Resumed)
	next(t, k, "welcome")
	_, queries := s.seen()
	require.Equal(t, []string{
		"ack=1&since_seq=3", "ack=1&received=2&resume=t1&since_seq=3", "ack=1&received=3&resume=t2&since_seq=3",
	}, queries)
}

func TestSessionAcknowledges(t *testing.T) {
	s := newResuming(t)
	k := s.open(t, client.SessionConfig{Comeback: client.OnDemand, Ack: true, AckEvery: 2})
	s.say("a", "b", "c", "d", "e")
	require.Equal(t, 2, <-s.received)
	require.Equal(t, 4, <-s.received)
	next(t, k, "welcome", "a", "b", "c", "d", "e")
	_, err := k.Return(within(t))
	require.NoError(t, err)
	s.say("f", "g")
	require.Equal(t, 2, <-s.received, "the count begins anew")
	next(t, k, "welcome", "f", "g")
}

func TestSessionThatIsNotResumedBeginsAfresh(t *testing.T) {
	s := newResuming(t)
	k := s.open(t, client.SessionConfig{Comeback: client.OnDemand})
	s.say("a")
	next(t, k, "welcome", "a")
	s.set(func() { s.deaf = true })
	lost := make(chan error, 1)
	go func() {
		_, err := k.Request(context.WithoutCancel(t.Context()), "x", nil)
		lost <- err
	}()
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.missed == 1
	}, 10*time.Second, time.Millisecond, "the request is not lost")
	s.set(func() { s.forgets, s.deaf = true, false })
	for {
		w, err := k.Return(within(t))
		require.NoError(t, err)
		s.set(func() { s.forgets = true })
		if !w.Resumed {
			break
		}
	}
	s.say("b")
	_, queries := s.seen()
	require.Equal(t, "received=1&resume=t1&since_seq=3", queries[1], "without ack it counts too")
	require.ErrorIs(t, <-lost, client.ErrAfresh, "whether it had arrived is not known")
	w, err := k.Welcomed(within(t), 2)
	require.NoError(t, err)
	require.False(t, w.Resumed)
}

// What is asked for arrives once and in order, wherever it got lost.
func TestRequestsAreSentOnce(t *testing.T) {
	for _, lost := range []string{"the request", "the answer", "neither"} {
		t.Run(lost, func(t *testing.T) {
			s := newResuming(t)
			k := s.open(t, client.SessionConfig{Comeback: client.OnDemand, Ack: true})
			s.set(func() { s.deaf, s.mute = lost == "the request", lost == "the answer" })
			answered := make(chan error, 1)
			go func() {
				_, err := k.Request(context.WithoutCancel(t.Context()), "x", nil)
				answered <- err
			}()
			require.Eventually(t, func() bool {
				s.mu.Lock()
				defer s.mu.Unlock()
				return len(s.got)+s.missed == 1
			}, 30*time.Second, time.Millisecond)
			k.Socket().Cut()
			s.set(func() { s.deaf, s.mute = false, false })
			for _, typ := range []protocol.Type{"y", "z"} {
				require.NoError(t, k.Post(typ, nil))
			}
			_, err := k.Return(within(t))
			require.NoError(t, err)
			require.NoError(t, <-answered)
			_, err = k.Request(within(t), "last", nil)
			require.NoError(t, err)
			got, _ := s.seen()
			got = slices.DeleteFunc(got, func(typ string) bool { return typ == "ping" })
			require.Equal(t, []string{"x", "y", "z", "last"}, got)
		})
	}
}

func TestSessionComesBackByItself(t *testing.T) {
	s := newResuming(t)
	k := s.open(t, client.SessionConfig{Comeback: client.ByItself, Ack: true, Pause: time.Millisecond})
	for i := range 5 {
		s.say(fmt.Sprint(i))
		s.set(func() { _ = s.conn.CloseNow() })
		s.say("missed")
		w, err := k.Welcomed(within(t), i+2)
		require.NoError(t, err)
		require.True(t, w.Resumed)
	}
	var r client.Record
	ctx, stop := context.WithCancel(t.Context())
	followed := make(chan error, 1)
	go func() { followed <- r.Follow(ctx, k) }()
	require.NoError(t, r.Await(within(t), func(all []client.Stream) bool { return len(all) == 1 && len(all[0].Frames) == 10 }))
	stop()
	require.ErrorIs(t, <-followed, context.Canceled)
	require.Len(t, r.Streams()[0].Welcomes, 6)
	require.ErrorIs(t, r.Await(ctx, func([]client.Stream) bool { return false }), context.Canceled)
}

func TestSessionGivesUp(t *testing.T) {
	s := newResuming(t)
	base := s.Base
	u := &client.User{Server: s.Server, Token: "pt_1"}
	k, err := u.OpenSession(within(t), "/", client.SessionConfig{Comeback: client.ByItself, Attempts: 3, Pause: 1})
	require.NoError(t, err)
	u.Base = "http://127.0.0.1:1"
	k.Socket().Cut()
	<-k.Done()
	require.ErrorContains(t, k.Err(), "after 3 attempts")
	require.Error(t, k.Post("x", nil))
	_, err = k.Request(within(t), "x", nil)
	require.ErrorIs(t, err, k.Err())
	_ = k.Close()

	k, err = u.OpenSession(within(t), "/", client.SessionConfig{})
	require.Error(t, err)
	require.Nil(t, k)
	u.Base = base
}

func TestSessionEndsWhenItIsToldTo(t *testing.T) {
	for _, way := range []client.Comeback{client.Stay, client.OnDemand, client.ByItself} {
		s := newResuming(t)
		k := s.open(t, client.SessionConfig{Comeback: way, Pause: 1})
		s.set(func() { go s.conn.Close(4409, "replaced") })
		<-k.Done()
		require.EqualValues(t, 4409, websocket.CloseStatus(k.Err()))
		next(t, k, "welcome")
		_, err := k.Next(within(t))
		require.ErrorIs(t, err, k.Err())
		_, err = k.Return(within(t))
		require.ErrorIs(t, err, k.Err())
	}
	s := newResuming(t)
	k := s.open(t, client.SessionConfig{})
	k.Socket().Cut()
	<-k.Done()
	require.Error(t, k.Err())

	k = s.open(t, client.SessionConfig{Comeback: client.OnDemand})
	require.NoError(t, k.Close())
	_, err := k.Return(within(t))
	require.Error(t, err)
}

// A server that loses, doubles or swaps frames is seen to do so.
func TestRecordShowsWhatWentWrong(t *testing.T) {
	for want, meddle := range map[string]func([][]byte) [][]byte{
		"[a b c d]":   nil,
		"[a c d]":     func(all [][]byte) [][]byte { return all[1:] },
		"[a b b c d]": func(all [][]byte) [][]byte { return append(all[:1:1], all...) },
		"[a c b d]":   func(all [][]byte) [][]byte { all[0], all[1] = all[1], all[0]; return all },
	} {
		s := newResuming(t)
		k := s.open(t, client.SessionConfig{Comeback: client.OnDemand, Ack: true})
		var r client.Record
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() { _ = r.Follow(ctx, k) }()
		s.say("a")
		count := func(n int) func([]client.Stream) bool {
			return func(all []client.Stream) bool { return len(all) == 1 && len(all[0].Frames) >= n }
		}
		require.NoError(t, r.Await(within(t), count(1)))
		k.Socket().Cut()
		s.say("b", "c")
		s.set(func() { s.meddle = meddle })
		_, err := k.Return(within(t))
		require.NoError(t, err)
		s.say("d")
		require.NoError(t, r.Await(within(t), func(all []client.Stream) bool {
			frames := all[0].Frames
			return frames[len(frames)-1].Type == "d"
		}))
		types := []protocol.Type{}
		for _, f := range r.Streams()[0].Frames {
			types = append(types, f.Type)
		}
		require.Equal(t, want, fmt.Sprint(types))
	}
}
