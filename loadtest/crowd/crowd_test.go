package crowd_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/loadtest/crowd"
)

const patience = 30 * time.Second

// ear is a listener that keeps what it hears.
type ear struct {
	mu    sync.Mutex
	texts []string // guarded by mu
	pings int      // guarded by mu
	ended []error  // guarded by mu
}

func (e *ear) Text(_ crowd.Socket, payload []byte, _ time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.texts = append(e.texts, string(payload))
}

func (e *ear) Pinged(crowd.Socket, time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pings++
}

func (e *ear) Ended(_ crowd.Socket, err error, _ time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended = append(e.ended, err)
}

// await waits until what was heard is as wanted.
func (e *ear) await(t *testing.T, wanted func() bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return wanted()
	}, patience, time.Millisecond)
}

// serve is a server of what a test says on each socket.
func serve(t *testing.T, talk func(ctx context.Context, k *websocket.Conn)) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) // that of a request does not end with its socket
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Token secret" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		k, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = k.CloseNow() }()
		k.SetReadLimit(-1)
		talk(ctx, k)
	}))
	t.Cleanup(s.Close)
	t.Cleanup(cancel)
	return s.URL
}

// echo answers each text with itself.
func echo(ctx context.Context, k *websocket.Conn) {
	for {
		kind, b, err := k.Read(ctx)
		if err != nil || k.Write(ctx, kind, b) != nil {
			return
		}
	}
}

// both runs a test on epoll sockets and on plain ones.
func both(t *testing.T, test func(t *testing.T, cfg crowd.Config)) {
	t.Helper()
	for name, cfg := range map[string]crowd.Config{"epoll": {Loops: 2}, "plain": {Plain: true}} {
		t.Run(name, func(t *testing.T) { test(t, cfg) })
	}
}

func open(t *testing.T, cfg crowd.Config, url string) *crowd.Crowd {
	t.Helper()
	cfg.URLs = []string{url}
	c, err := crowd.New(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func dial(t *testing.T, c *crowd.Crowd, url string) (crowd.Socket, *ear) {
	t.Helper()
	e := &ear{}
	k, err := c.Dial(crowd.Dial{Base: url, Path: "/x", Token: "secret"}, e)
	require.NoError(t, err)
	return k, e
}

func TestTextsOfAllLengthsComeBack(t *testing.T) {
	both(t, func(t *testing.T, cfg crowd.Config) {
		url := serve(t, echo)
		c := open(t, cfg, url)
		k, e := dial(t, c, url)
		var want []string
		for _, n := range []int{0, 1, 125, 126, 127, 65535, 65536, 3 << 20} {
			text := strings.Repeat("é", n/2) + strings.Repeat("x", n%2)
			want = append(want, text)
			k.Send([]byte(text))
		}
		e.await(t, func() bool { return len(e.texts) == len(want) })
		require.Equal(t, want, e.texts)
		k.Leave()
		e.await(t, func() bool { return len(e.ended) == 1 })
		require.NoError(t, e.ended[0])
		require.Eventually(t, func() bool { return c.Counts().Open == 0 }, patience, time.Millisecond)
		require.EqualValues(t, len(want), c.Counts().Texts)
		k.Send([]byte("to nobody"))
	})
}

func TestPingsAreAnsweredAndTold(t *testing.T) {
	both(t, func(t *testing.T, cfg crowd.Config) {
		ponged := make(chan error, 1)
		url := serve(t, func(ctx context.Context, k *websocket.Conn) {
			ctx = k.CloseRead(ctx)
			ponged <- k.Ping(ctx)
			<-ctx.Done()
		})
		k, e := dial(t, open(t, cfg, url), url)
		require.NoError(t, <-ponged)
		e.await(t, func() bool { return e.pings == 1 })
		k.Cut()
	})
}

func TestHowSocketsEnd(t *testing.T) {
	both(t, func(t *testing.T, cfg crowd.Config) {
		url := serve(t, func(_ context.Context, k *websocket.Conn) { _ = k.Close(4513, "too slow") })
		c := open(t, cfg, url)
		_, e := dial(t, c, url)
		e.await(t, func() bool { return len(e.ended) == 1 })
		var closed websocket.CloseError
		require.ErrorAs(t, e.ended[0], &closed)
		require.EqualValues(t, 4513, closed.Code)
		require.Equal(t, "too slow", closed.Reason)

		stranger := &ear{}
		_, err := c.Dial(crowd.Dial{Base: url, Path: "/", Token: "none"}, stranger)
		require.NoError(t, err)
		stranger.await(t, func() bool { return len(stranger.ended) == 1 })
		var refused *client.Problem
		require.ErrorAs(t, stranger.ended[0], &refused)
		require.Equal(t, http.StatusForbidden, refused.Status)

		_, err = c.Dial(crowd.Dial{Base: "http://127.0.0.1:1"}, stranger)
		require.ErrorContains(t, err, "not one of the crowd's nodes")
	})
}

func TestAServerThatDoesNotAnswerIsGivenUp(t *testing.T) {
	both(t, func(t *testing.T, cfg crowd.Config) {
		release := make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
		t.Cleanup(s.Close)
		t.Cleanup(func() { close(release) })
		cfg.Timeout = 50 * time.Millisecond
		_, e := dial(t, open(t, cfg, s.URL), s.URL)
		e.await(t, func() bool { return len(e.ended) == 1 })
		require.ErrorIs(t, e.ended[0], context.DeadlineExceeded)
	})
}

func TestAHeldSocketReadsLater(t *testing.T) {
	both(t, func(t *testing.T, cfg crowd.Config) {
		const frames = 64
		wrote, go_ := make(chan struct{}), make(chan struct{})
		url := serve(t, func(ctx context.Context, k *websocket.Conn) {
			_ = k.Write(ctx, websocket.MessageText, []byte("first"))
			<-go_
			for i := range frames {
				_ = k.Write(ctx, websocket.MessageText, []byte(strings.Repeat(fmt.Sprint(i%10), 256<<10)))
			}
			close(wrote)
			<-ctx.Done()
		})
		k, e := dial(t, open(t, cfg, url), url)
		e.await(t, func() bool { return len(e.texts) == 1 })
		k.Hold()
		close(go_)
		select {
		case <-wrote:
			t.Fatal("16 MiB were read by a socket that is held")
		case <-time.After(100 * time.Millisecond):
		}
		k.Go()
		e.await(t, func() bool { return len(e.texts) == 1+frames })
		<-wrote
		k.Cut()
	})
}

func TestSourcesTakeTurns(t *testing.T) {
	var mu sync.Mutex
	from := map[string]int{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		from[netip.MustParseAddrPort(r.RemoteAddr).Addr().String()]++
		mu.Unlock()
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(s.Close)
	c := open(t, crowd.Config{Sources: []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.3")}}, s.URL)
	for range 6 {
		_, e := dial(t, c, s.URL)
		e.await(t, func() bool { return len(e.ended) == 1 })
	}
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, map[string]int{"127.0.0.2": 3, "127.0.0.3": 3}, from)
}

// Its descriptors are somebody else's by then.
func TestAClosedCrowdClosesNothingAgain(t *testing.T) {
	url := serve(t, echo)
	c, err := crowd.New(t.Context(), crowd.Config{URLs: []string{url}, Loops: 4})
	require.NoError(t, err)
	c.Close()
	other := open(t, crowd.Config{Loops: 4}, url)
	c.Close()
	k, e := dial(t, other, url)
	k.Send([]byte("heard"))
	e.await(t, func() bool { return len(e.texts) == 1 })
}
