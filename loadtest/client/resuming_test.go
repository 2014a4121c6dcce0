package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
)

// resuming is a server with one session, which can be resumed. It answers frames
// that have an id, and remembers those that it got.
type resuming struct {
	client.Server
	t *testing.T

	mu       sync.Mutex
	conn     *websocket.Conn // guarded by mu: the newest
	greeted  int             // guarded by mu: welcomes
	kept     [][]byte        // guarded by mu: frames since the welcome
	dropped  int             // guarded by mu: of them, those that are no longer kept
	got      []string        // guarded by mu: types of the frames that came
	queries  []string        // guarded by mu
	forgets  bool            // guarded by mu: the next welcome is not a resumed one
	mute     bool            // guarded by mu: frames are kept but not written
	deaf     bool            // guarded by mu: frames that come are lost
	missed   int             // guarded by mu: frames that were
	meddle   func(replay [][]byte) [][]byte
	received chan int
}

func newResuming(t *testing.T) *resuming {
	t.Helper()
	s := &resuming{t: t, received: make(chan int, 100)}
	s.Server = server(t, s.serve)
	return s
}

func (s *resuming) serve(w http.ResponseWriter, r *http.Request) {
	k, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = k.CloseNow() }()
	ctx := context.WithoutCancel(r.Context())
	s.welcome(k, r)
	for {
		_, b, err := k.Read(ctx)
		if err != nil {
			return
		}
		s.take(k, b)
	}
}

func (s *resuming) welcome(k *websocket.Conn, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	s.queries = append(s.queries, r.URL.RawQuery)
	resumed := q.Get("resume") == "t"+strconv.Itoa(s.greeted) && !s.forgets
	s.greeted++
	s.conn, s.forgets = k, false
	n, _ := strconv.Atoi(q.Get("received"))
	var replay [][]byte
	if resumed {
		replay = s.kept[n-s.dropped:]
	}
	if s.meddle != nil {
		replay = s.meddle(replay)
	}
	s.kept, s.dropped = nil, 0
	s.write(fmt.Appendf(nil, `{"type":"welcome","data":{"resume_token":"t%d","resumed":%v}}`, s.greeted, resumed))
	for _, b := range replay {
		s.keep(b)
	}
}

// keep sends a frame that counts. mu is held.
func (s *resuming) keep(b []byte) {
	s.kept = append(s.kept, b)
	if !s.mute {
		s.write(b)
	}
}

func (s *resuming) write(b []byte) {
	_ = s.conn.Write(context.Background(), websocket.MessageText, b) // it may be lost: that is the point
}

func (s *resuming) take(k *websocket.Conn, b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var f struct {
		Type, ID string
		Data     struct{ N int }
	}
	if s.deaf {
		s.missed++
		return
	}
	if k != s.conn || json.Unmarshal(b, &f) != nil {
		return
	}
	if f.Type == "received" {
		s.kept = s.kept[f.Data.N-s.dropped:]
		s.dropped = f.Data.N
		s.received <- f.Data.N
		return
	}
	s.got = append(s.got, f.Type)
	if f.ID != "" {
		s.keep(fmt.Appendf(nil, `{"type":"ack","id":%q,"data":{}}`, f.ID))
	}
}

// say sends frames of these types.
func (s *resuming) say(types ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, typ := range types {
		s.keep(fmt.Appendf(nil, `{"type":%q,"data":{}}`, typ))
	}
}

func (s *resuming) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *resuming) seen() (got, queries []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(got, s.got...), append(queries, s.queries...)
}

func (s *resuming) open(t *testing.T, cfg client.SessionConfig) *client.Session {
	t.Helper()
	k, err := (&client.User{Server: s.Server, Token: "pt_1"}).OpenSession(within(t), "/ws/room/1/?since_seq=3", cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// next requires frames of these types.
func next(t *testing.T, s *client.Session, types ...string) {
	t.Helper()
	for _, typ := range types {
		f, err := s.Next(within(t))
		require.NoError(t, err, "waiting for %s", typ)
		require.EqualValues(t, typ, f.Type)
	}
}
