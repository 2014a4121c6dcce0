package swarm

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

func TestOpenShowsTokensAndWaitsForWelcome(t *testing.T) {
	f := serve(t, &fake{})
	_, r := open(t, f, 7)
	require.EqualValues(t, 7, r.Done)
	require.EqualValues(t, 7, r.Answer.Count())
	require.Positive(t, r.Elapsed)
	f.mu.Lock()
	defer f.mu.Unlock()
	slices.Sort(f.tokens)
	require.Equal(t, []string{"Token t0", "Token t1", "Token t2", "Token t3", "Token t4", "Token t5", "Token t6"}, f.tokens)
}

func TestEachSendsOnceFromEverySocket(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 5)
	for range 2 { // stamps are not used again
		r, err := s.Each(within(t), load(5, 2))
		require.NoError(t, err)
		require.EqualValues(t, 5, r.Done)
		require.EqualValues(t, 5, r.Answer.Count())
		require.EqualValues(t, 25, r.Delivery.Count())
	}
}

func TestSustainMeasuresItsWindowOnly(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 4)
	var edges []string
	rs, err := s.Sustain(within(t), Window{
		Warm: 20 * time.Millisecond, Measured: 100 * time.Millisecond,
		Begin: func() error { edges = append(edges, "begin"); return nil },
		End:   func() error { edges = append(edges, "end"); return nil },
	}, load(4, 8))
	require.NoError(t, err)
	r := rs[0]
	require.Equal(t, []string{"begin", "end"}, edges)
	require.GreaterOrEqual(t, r.Elapsed, 100*time.Millisecond)
	require.Positive(t, r.Done)
	// What is under way at either edge belongs to the window in part.
	require.InDelta(t, r.Done, r.Answer.Count(), 8)
	require.InDelta(t, 4*r.Done, r.Delivery.Count(), 4*8)

	again, err := s.Each(within(t), load(4, 1))
	require.NoError(t, err, "nothing of the first load is left")
	require.EqualValues(t, 4, again.Done)
}

func TestHooksEndTheMeasurement(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 1)
	no := func() error { return fmt.Errorf("no") }
	_, err := s.Sustain(within(t), Window{Begin: no}, load(1, 1))
	require.EqualError(t, err, "no")
	s2, _ := open(t, serve(t, &fake{}), 1)
	_, err = s2.Sustain(within(t), Window{End: no}, load(1, 1))
	require.EqualError(t, err, "no")
}

func TestWhatTheServerDoesWrongIsAnError(t *testing.T) {
	for want, answer := range map[string]func(f *fake, k *websocket.Conn, m message){
		"the server answered": func(_ *fake, k *websocket.Conn, m message) {
			say(k, fmt.Sprintf(`{"type":"error","id":%q,"data":{"code":"internal"}}`, m.ID))
		},
		"nobody waits for": func(_ *fake, k *websocket.Conn, _ message) {
			say(k, `{"type":"ack","id":"@0000000000009999"}`)
		},
		"once too often": func(_ *fake, k *websocket.Conn, m message) {
			say(k, fmt.Sprintf(`{"type":"ack","id":%q}`, m.ID))
			say(k, fmt.Sprintf(`{"type":"ack","id":%q}`, m.ID))
		},
		"4513":        func(_ *fake, k *websocket.Conn, _ message) { _ = k.Close(4513, "too slow") },
		"socket lost": func(_ *fake, k *websocket.Conn, _ message) { _ = k.CloseNow() },
	} {
		t.Run(want, func(t *testing.T) {
			s, _ := open(t, serve(t, &fake{answer: answer}), 1)
			_, err := s.Each(within(t), load(1, 1))
			require.ErrorContains(t, err, want)
		})
	}
}

func TestWhatIsMissingIsCounted(t *testing.T) {
	ctx, cancel := context.WithCancel(within(t))
	f := serve(t, &fake{answer: func(f *fake, k *websocket.Conn, m message) {
		f.broadcast(fmt.Sprintf(`{"type":"typing","data":{"note":%q}}`, m.Data.Note))
		say(k, `{"type":"pong"}`) // without a stamp: nobody's answer
		go func() {
			_ = k.Ping(ctx) // all before it is read when its answer comes
			cancel()
		}()
	}})
	s, _ := open(t, f, 1)
	_, err := s.Each(ctx, load(3, 1))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "1 answers and 2 deliveries are missing")
}

func TestOpenFails(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		s, err := New(serve(t, &fake{}).addr(t))
		require.NoError(t, err)
		defer s.Close()
		_, err = s.Open(within(t), []Dial{{Path: "/ws/call/1/"}}, 1)
		require.ErrorContains(t, err, "opened 0 of 1 sockets")
		require.ErrorContains(t, err, "403 Forbidden")
	})
	t.Run("closed instead of welcomed", func(t *testing.T) {
		f := serve(t, &fake{greet: func(k *websocket.Conn) bool {
			_ = k.Close(4403, "not a participant")
			return false
		}})
		s, err := New(f.addr(t))
		require.NoError(t, err)
		defer s.Close()
		_, err = s.Open(within(t), dials(2), 1)
		require.EqualValues(t, 4403, websocket.CloseStatus(err))
	})
	t.Run("nobody there", func(t *testing.T) {
		f := serve(t, &fake{})
		addr := f.addr(t)
		f.Close()
		s, err := New(addr)
		require.NoError(t, err)
		defer s.Close()
		_, err = s.Open(within(t), dials(1), 1)
		require.ErrorContains(t, err, "connect")
	})
	t.Run("not this machine", func(t *testing.T) {
		for _, addr := range []string{"192.0.2.1:80", "[::1]:80"} {
			_, err := New(netip.MustParseAddrPort(addr))
			require.ErrorContains(t, err, "127.0.0.0/8", addr)
		}
	})
}

func TestPingsAreAnswered(t *testing.T) {
	ponged := make(chan error, 1)
	f := serve(t, &fake{greet: func(k *websocket.Conn) bool {
		ctx := k.CloseRead(context.Background())
		ponged <- k.Ping(ctx)
		say(k, `{"type":"welcome"}`)
		<-ctx.Done()
		return false
	}})
	open(t, f, 1)
	require.NoError(t, <-ponged)
}

func TestLeaveClosesInGoodOrder(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 3)
	require.NoError(t, s.Leave(within(t)))
	require.Eventually(t, func() bool { // the handlers end after the sockets
		f.mu.Lock()
		defer f.mu.Unlock()
		return slices.Equal(f.closed, []websocket.StatusCode{1000, 1000, 1000})
	}, 10*time.Second, time.Millisecond)

	r, err := s.Open(within(t), dials(2), 1)
	require.NoError(t, err, "a swarm may come back")
	require.EqualValues(t, 2, r.Done)
	_, err = s.Each(within(t), load(2, 2))
	require.NoError(t, err)
}

// A server that does not read for a while must not stop the swarm, nor lose
// what it was sent.
func TestWhatTheKernelDoesNotTakeIsSentLater(t *testing.T) {
	const frames, size = 64, 256 << 10
	reads := make(chan struct{})
	begin := sync.OnceFunc(func() { close(reads) })
	f := serve(t, &fake{greet: func(k *websocket.Conn) bool {
		say(k, `{"type":"welcome"}`)
		<-reads
		return true
	}})
	t.Cleanup(begin)
	s, _ := open(t, f, 1)
	payload := `{"type":"typing","id":"` + Stamp + `","data":{"note":"` + Stamp + `","x":"` + strings.Repeat("x", size) + `"}}`
	tpl := NewTemplate(payload)
	rs, err := s.Sustain(within(t), Window{Measured: time.Millisecond, Begin: func() error {
		require.NotEmpty(t, s.sockets[0].unsent, "the kernel took all")
		begin()
		return nil
	}}, Load{Frame: always(tpl), Answers: 1, Deliveries: 1, Outstanding: frames})
	require.NoError(t, err)
	require.Positive(t, rs[0].Answer.Count()+rs[0].Delivery.Count(), "the window waits for the first of what is counted, which may be the delivery before the ack")
	require.Empty(t, s.sockets[0].unsent)
}

func TestLoadsSideBySideAreToldApart(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 4)
	paced := load(4, 1000)
	paced.Pace, paced.Senders = 500, []int{3}
	senders := map[int]bool{}
	paced.Frame = func(place int, _ uint32) *Template {
		senders[place] = true
		return NewTemplate(note)
	}
	busy := load(4, 8)
	busy.Senders = []int{0, 1}
	rs, err := s.Sustain(within(t), Window{Measured: 200 * time.Millisecond}, busy, paced)
	require.NoError(t, err)
	require.Len(t, rs, 2)
	require.Equal(t, map[int]bool{3: true}, senders)
	require.Greater(t, rs[0].Done, rs[1].Done, "one goes on when it is answered, the other by the clock")
	require.Positive(t, rs[1].Done)
	require.LessOrEqual(t, rs[1].Done, int64(500))
	again, err := s.Each(within(t), busy)
	require.NoError(t, err, "nothing is left of either")
	require.EqualValues(t, 2, again.Done, "only senders send")
}

func TestAPaceThatIsNotKeptIsAnError(t *testing.T) {
	f := serve(t, &fake{answer: func(*fake, *websocket.Conn, message) {}})
	s, _ := open(t, f, 1)
	l := load(1, 3)
	l.Pace = 1000
	_, err := s.Sustain(within(t), Window{Measured: time.Minute}, l)
	require.ErrorContains(t, err, "does not keep pace: 3 frames")
}

func TestWithoutALoadOnlyPingsAreAnswered(t *testing.T) {
	ponged := make(chan error, 1)
	f := serve(t, &fake{greet: func(k *websocket.Conn) bool {
		say(k, `{"type":"welcome"}`)
		ctx := k.CloseRead(context.Background())
		ponged <- k.Ping(ctx)
		<-ctx.Done()
		return false
	}})
	s, _ := open(t, f, 1)
	for s.Counts().Pings == 0 {
		_, err := s.Sustain(within(t), Window{Measured: time.Millisecond})
		require.NoError(t, err)
	}
	require.NoError(t, <-ponged)
	require.Positive(t, s.Counts().Bytes)
}

func TestDroppedSocketsMayComeBack(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 5)
	s.Drop()
	require.Zero(t, s.open)
	r, err := s.Open(within(t), dials(5), 5)
	require.NoError(t, err)
	require.EqualValues(t, 5, r.Done)
}

func TestCompressedFramesAreRead(t *testing.T) {
	f := serve(t, &fake{accept: &websocket.AcceptOptions{
		CompressionMode: websocket.CompressionNoContextTakeover, CompressionThreshold: 1,
	}})
	s, err := New(f.addr(t))
	require.NoError(t, err)
	defer s.Close()
	offers := dials(3)
	for i := range offers[:2] {
		offers[i].Deflate = true
	}
	_, err = s.Open(within(t), offers, 3)
	require.NoError(t, err)
	r, err := s.Each(within(t), load(3, 2))
	require.NoError(t, err)
	require.EqualValues(t, 9, r.Delivery.Count())
	require.EqualValues(t, 2, s.Counts().Deflated, "the third did not offer it")
	require.Positive(t, s.Counts().Packed)
}

func TestReadsAreLimited(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 3)
	s.LimitReads(7) // less than a frame
	r, err := s.Each(within(t), load(3, 3))
	require.NoError(t, err)
	require.EqualValues(t, 9, r.Delivery.Count())
}

func TestSocketsComeFromMoreAddressesThanOne(t *testing.T) {
	f := serve(t, &fake{})
	s, err := New(f.addr(t))
	require.NoError(t, err)
	defer s.Close()
	for _, before := range []int{0, portsOfAddress - 1, 300 * portsOfAddress} {
		s.dialed = before
		_, err := s.Open(within(t), dials(2), 2)
		require.NoError(t, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	require.Equal(t, map[string]bool{"127.0.0.1": true, "127.1.0.1": true, "127.1.1.44": true}, f.hosts)
}
