package swarm

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// keeping is a fake server that keeps what it said while nobody was there for
// whoever returns.
type keeping struct {
	mu      sync.Mutex
	queries []string // guarded by mu
	told    []string // guarded by mu: the `received` frames
	missed  []string // guarded by mu
}

func (q *keeping) serve(t *testing.T) *fake {
	f := &fake{}
	f.answer = func(f *fake, k *websocket.Conn, m message) {
		q.mu.Lock()
		defer q.mu.Unlock()
		if m.Type == "received" {
			q.told = append(q.told, fmt.Sprint(m.Data.N))
			return
		}
		said := fmt.Sprintf(`{"type":"typing","data":{"note":%q}}`, m.Data.Note)
		q.missed = append(q.missed, said)
		f.broadcast(said)
		say(k, fmt.Sprintf(`{"type":"ack","id":%q}`, m.ID))
	}
	f.arrive = func(k *websocket.Conn, r *http.Request) {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.queries = append(q.queries, r.URL.RawQuery)
		back := strings.Contains(r.URL.RawQuery, "resume=")
		say(k, fmt.Sprintf(`{"type":"welcome","data":{"resume_token":"t%d","resume_window_s":20,"resumed":%v}}`, len(q.queries), back))
		if back {
			for _, text := range q.missed {
				say(k, text)
			}
		}
	}
	return serve(t, f)
}

func lasting(n, received int) []Dial {
	all := dials(n)
	for i := range all {
		all[i].Path += "?ack=1"
		all[i].Session, all[i].Received = true, received
	}
	return all
}

func TestWhoIsCutReturnsToItsSession(t *testing.T) {
	q := &keeping{}
	f := q.serve(t)
	s, err := New(f.addr(t))
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Open(within(t), append(lasting(2, 0), dials(1)...), 1)
	require.NoError(t, err)
	require.Equal(t, Counts{Lasting: 2, Bytes: s.Counts().Bytes}, s.Counts())

	back := s.Cut(2)
	require.Len(t, back, 2)
	require.Equal(t, 1, s.open)
	require.Eventually(t, func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.members) == 1
	}, patience, time.Millisecond, "the server notices")
	l := load(3, 1)
	l.Senders = []int{2}
	returned := 0
	r, err := s.Meanwhile(within(t), l, func() error {
		require.Zero(t, s.loads[0].unanswered(), "the server has taken what was said")
		all, err := s.Open(within(t), back, 2)
		returned = int(all.Done)
		return err
	})
	require.NoError(t, err)
	require.Equal(t, 2, returned)
	require.EqualValues(t, 3, r.Delivery.Count(), "to the one that stayed, and to those that were away")
	require.EqualValues(t, 2, s.Counts().Resumed)
	require.NoError(t, s.Leave(within(t)), "sockets that were cut do not keep it")
	q.mu.Lock()
	defer q.mu.Unlock()
	require.ElementsMatch(t, []string{"ack=1", "ack=1", "", "ack=1&resume=t1&received=0", "ack=1&resume=t2&received=0"}, q.queries)
}

func TestTheServerIsToldWhatHasCome(t *testing.T) {
	q := &keeping{}
	s, err := New(q.serve(t).addr(t))
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Open(within(t), append(lasting(1, 3), dials(1)...), 1)
	require.NoError(t, err)
	for range 4 {
		l := load(2, 1)
		l.Senders = []int{1}
		_, err := s.Each(within(t), l)
		require.NoError(t, err)
	}
	require.NoError(t, s.Quiet(within(t)))
	q.mu.Lock()
	defer q.mu.Unlock()
	require.Equal(t, []string{"3", "4"}, q.told, "each third, and when it is asked for")
}

func TestMeanwhileFails(t *testing.T) {
	f := serve(t, &fake{})
	s, _ := open(t, f, 1)
	_, err := s.Meanwhile(within(t), load(1, 1), func() error { return io.ErrUnexpectedEOF })
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)

	silent := serve(t, &fake{answer: func(_ *fake, k *websocket.Conn, _ message) { _ = k.CloseNow() }})
	s, _ = open(t, silent, 1)
	_, err = s.Meanwhile(within(t), load(1, 1), func() error { return nil })
	require.ErrorContains(t, err, "socket lost")
	require.ErrorContains(t, err, "1 answers and 1 deliveries are missing")
}
