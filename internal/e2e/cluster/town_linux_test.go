package cluster

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/faults"
	"parley/loadtest/client"
	"parley/protocol"
)

// password of every user in these tests.
const password = "correct horse battery"

// town is the users, their rooms and their visits to the nodes.
type town struct {
	common
	nodes     []*node
	terms     Terms
	users     []*client.User
	rooms     []int64
	visitors  []*visitor
	histories map[int64][]protocol.Message // what was read of them
	outages   []Span
	began     time.Time

	stop   context.CancelFunc
	visits sync.WaitGroup
}

// settle makes users and rooms, of which each has so many, and a client of each user
// in each room, or one for all of them.
func settle(t *testing.T, nodes []*node, terms Terms, seed uint64, users, rooms int) *town {
	t.Helper()
	w := &town{nodes: nodes, terms: terms, histories: make(map[int64][]protocol.Message), began: time.Now()}
	w.window = terms.Window
	w.http = &http.Client{Transport: &http.Transport{}}
	t.Cleanup(w.http.CloseIdleConnections)
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	for i := range users {
		server := client.Server{Base: nodes[i%len(nodes)].Base, HTTP: w.http}
		u, err := server.Register(ctx, fmt.Sprintf("user%d", i), password)
		require.NoError(t, err)
		w.users = append(w.users, u)
	}
	for range rooms {
		r, err := w.users[0].CreateRoom(ctx, "a room")
		require.NoError(t, err)
		for _, u := range w.users[1:] {
			require.NoError(t, u.JoinRoom(ctx, r.ID))
		}
		w.rooms = append(w.rooms, r.ID)
	}
	for i, u := range w.users {
		if i%2 == 0 {
			w.visitor(t, seed, u, "/ws/", w.rooms, w.rooms)
			continue
		}
		for _, room := range w.rooms {
			w.visitor(t, seed, u, fmt.Sprintf("/ws/room/%d/", room), []int64{room}, nil)
			w.visitor(t, seed, u, fmt.Sprintf("/ws/call/%d/", room), nil, []int64{room})
		}
	}
	return w
}

// visitor makes a client that is not there yet.
func (w *town) visitor(t *testing.T, seed uint64, u *client.User, path string, chats, calls []int64) {
	t.Helper()
	v := &visitor{
		common: &w.common, user: u, path: path, everything: len(chats)+len(calls) > 1,
		rng: rand.New(rand.NewPCG(seed, uint64(len(w.visitors)+1))), numbers: make(map[string]int64),
		Recorder: NewRecorder(w.began, Line{Name: u.Account.Username + " on " + path, User: u.Account.ID, Chats: chats, Calls: calls}),
	}
	for _, n := range w.nodes {
		p, err := faults.New(strings.TrimPrefix(n.Base, "http://"), nil)
		require.NoError(t, err)
		t.Cleanup(p.Close)
		v.doors = append(v.doors, p)
	}
	rooms := chats
	if len(chats) == 0 {
		rooms = calls
	}
	for _, room := range rooms {
		v.seats = append(v.seats, &seat{room: room, chat: len(chats) > 0, call: len(calls) > 0, want: len(calls) > 0})
	}
	w.visitors = append(w.visitors, v)
}

// open has all visit until close.
func (w *town) open(ctx context.Context) {
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	for _, v := range w.visitors {
		w.visits.Go(func() { v.run(ctx) })
	}
}

func (w *town) close() {
	w.stop()
	w.visits.Wait()
}

// trial is all that is known now.
func (w *town) trial(ctx context.Context) (Trial, error) {
	t := Trial{Histories: w.histories, Answers: make(map[int64][]protocol.CallState), Outages: w.outages, Terms: w.terms}
	for i, room := range w.rooms {
		for j, n := range w.nodes {
			ask := *w.users[(i+j)%len(w.users)]
			ask.Server.Base = n.Base
			if j == 0 {
				if err := w.readOn(ctx, &ask, room); err != nil {
					return t, err
				}
			}
			var state protocol.CallState
			if err := ask.Call(ctx, http.MethodGet, fmt.Sprintf("/api/rooms/%d/call-state/", room), nil, &state); err != nil {
				return t, err
			}
			t.Answers[room] = append(t.Answers[room], state)
		}
	}
	for _, v := range w.visitors { // last: all that is stored may have been sent
		t.Lines = append(t.Lines, v.Line())
	}
	return t, nil
}

// readOn reads what is new in a room's history.
func (w *town) readOn(ctx context.Context, u *client.User, room int64) error {
	for {
		history := w.histories[room]
		path := fmt.Sprintf("/api/rooms/%d/messages/?after_seq=%d&limit=100", room, len(history))
		var page struct{ Results []protocol.Message }
		if err := u.Call(ctx, http.MethodGet, path, nil, &page); err != nil {
			return err
		}
		if len(page.Results) == 0 {
			return nil
		}
		w.histories[room] = append(history, page.Results...)
	}
}

// reread forgets what was read of the histories: it may have changed since.
func (w *town) reread() { w.histories = make(map[int64][]protocol.Message) }
