package edge_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

func newEdge(t *testing.T, cfg edge.Config) *edge.Edge {
	t.Helper()
	e, err := edge.New(cfg, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Stop(t.Context()) })
	return e
}

func TestPostsOfEachGoroutineKeepTheirOrder(t *testing.T) {
	t.Parallel()
	sh := newEdge(t, edge.Config{Shards: 1}).Shards()[0]
	const posters, posts = 16, 2000
	var next [posters]int // owned by the shard
	var wg sync.WaitGroup
	for p := range posters {
		wg.Go(func() {
			for i := range posts {
				sh.Post(func() {
					if next[p] != i {
						t.Errorf("poster %d: ran %d when %d was due", p, i, next[p])
					}
					next[p]++
				})
			}
		})
	}
	wg.Wait()
	run(t, sh, func() {
		for p := range next {
			require.Equal(t, posts, next[p])
		}
	})
}

func TestPostWakesASleepingShard(t *testing.T) {
	t.Parallel()
	sh := newEdge(t, edge.Config{Shards: 1, Heartbeat: forever}).Shards()[0] // ticks once a second
	began := time.Now()
	for range 50 {
		run(t, sh, func() {})
		runtime.Gosched() // to let it go to sleep
	}
	require.Less(t, time.Since(began), 20*time.Second, "fifty posts should not wait for fifty ticks")
}

func TestPostFromTheShardItself(t *testing.T) {
	t.Parallel()
	sh := newEdge(t, edge.Config{Shards: 1, Heartbeat: forever}).Shards()[0]
	done := make(chan struct{})
	var step func(left int)
	step = func(left int) {
		if left == 0 {
			close(done)
			return
		}
		sh.Post(func() { step(left - 1) })
	}
	sh.Post(func() { step(1000) })
	take(t, done, "the last of a chain of posts")
}

func TestDepth(t *testing.T) {
	t.Parallel()
	sh := newEdge(t, edge.Config{Shards: 1}).Shards()[0]
	entered, leave := make(chan struct{}), make(chan struct{})
	sh.Post(func() { close(entered); <-leave })
	take(t, entered, "the shard")
	for range 7 {
		sh.Post(func() {})
	}
	require.Equal(t, 7, sh.Depth())
	close(leave)
	run(t, sh, func() {})
	require.Zero(t, sh.Depth())
}

// What was posted before Stop runs, what comes later is refused.
func TestPostsAroundStop(t *testing.T) {
	t.Parallel()
	e := newEdge(t, edge.Config{Shards: 2})
	var mu sync.Mutex
	ran, accepted := 0, 0
	var wg sync.WaitGroup
	for _, sh := range e.Shards() {
		for range 4 {
			wg.Go(func() {
				for sh.Post(func() { mu.Lock(); ran++; mu.Unlock() }) {
					mu.Lock()
					accepted++
					mu.Unlock()
				}
			})
		}
	}
	require.NoError(t, e.Stop(t.Context()))
	wg.Wait()
	require.Equal(t, accepted, ran, "posts that were accepted and posts that ran")
}

// One frame goes to sockets on every shard, by one post a shard.
func TestBroadcastOverShards(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		turns := make(chan int, 9)
		for i := range 9 {
			turns <- i
		}
		s := serveGate(t, m, edge.Config{Shards: 3}, func(s *server, _ context.Context, _ *edge.Request) edge.Admission {
			a := s.admit(nil)
			a.Shard = s.Shards()[<-turns%3]
			return a
		})
		peers := make([]*peer, 9)
		members := map[*edge.Shard][]*socket{}
		for i := range peers {
			peers[i] = s.peer()
			k := s.next()
			require.Same(t, s.Shards()[i%3], k.conn.Shard())
			members[k.conn.Shard()] = append(members[k.conn.Shard()], k)
		}
		f := edge.TextOf([]byte("to all"))
		for sh, sockets := range members {
			require.True(t, sh.Post(func() {
				for _, k := range sockets {
					k.conn.Send(f)
				}
			}))
		}
		for _, p := range peers {
			require.Equal(t, "to all", p.text())
		}
	})
}

// TestAfterTurn: by the end of the turn the kernel has what was sent in it.
func TestAfterTurn(t *testing.T) {
	t.Parallel()
	s := serve(t, media()[0], edge.Config{}, nil)
	c := s.client()
	k := s.next()
	sh := s.Shards()[0]
	for range 3 {
		type waiting struct{ sent, after int }
		seen := make(chan waiting, 1)
		run(t, sh, func() {
			var w waiting
			sh.AfterTurn(func() {
				w.after = k.conn.Buffered()
				seen <- w
			})
			k.conn.Send(edge.TextOf([]byte("hello")))
			w.sent = k.conn.Buffered()
		})
		w := take(t, seen, "the turn's end")
		require.Positive(t, w.sent, "a frame is written at the end of the turn")
		require.Zero(t, w.after)
		require.Equal(t, "hello", read(t, c))
	}
	s.turn()
}
