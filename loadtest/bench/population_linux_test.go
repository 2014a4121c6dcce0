package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/bench/swarm"
	"parley/loadtest/client"
)

// rest is as much of the API as it takes to make rooms.
type rest struct {
	mu    sync.Mutex
	users int            // guarded by mu
	rooms int            // guarded by mu
	joins map[string]int // guarded by mu: of each user, by token
	fails string         // the path that answers 500
}

func (f *rest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.fails != "" && strings.HasSuffix(r.URL.Path, f.fails):
		http.Error(w, "no", http.StatusInternalServerError)
	case r.URL.Path == "/api/auth/register/":
		f.users++
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"token": fmt.Sprint("t", f.users), "user": map[string]any{"id": f.users},
		})
	case r.URL.Path == "/api/rooms/":
		f.rooms++
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(map[string]any{"id": f.rooms})
	case strings.HasSuffix(r.URL.Path, "/join/"):
		f.joins[r.Header.Get("Authorization")]++
	default:
		http.NotFound(w, r)
	}
}

func serveREST(t *testing.T, fails string) (*rest, client.Server) {
	t.Helper()
	f := &rest{joins: map[string]int{}, fails: fails}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return f, client.Server{Base: s.URL, HTTP: s.Client()}
}

func TestPopulation(t *testing.T) {
	f, server := serveREST(t, "")
	p, err := populate(t.Context(), server, options{sockets: 12, room: 3})
	require.NoError(t, err)
	require.Len(t, p.users, 3)
	require.Len(t, p.chats, 4)
	require.Len(t, p.calls, 6)
	require.NotContains(t, append(p.chats, p.calls...), int64(0))
	require.Equal(t, 10, f.rooms, "the first user makes them all")
	require.Equal(t, map[string]int{"Token t2": 4 + 6, "Token t3": 4}, f.joins)
}

func TestNeighborsAreOfDifferentRooms(t *testing.T) {
	p := population{
		users: []*client.User{{Token: "a"}, {Token: "b"}, {Token: "c"}},
		chats: []int64{1, 2}, calls: []int64{7, 8, 9},
	}
	require.Equal(t, []swarm.Dial{
		{Path: "/ws/room/1/", Token: "a"},
		{Path: "/ws/room/2/", Token: "a"},
		{Path: "/ws/room/1/", Token: "b"},
		{Path: "/ws/room/2/", Token: "b"},
		{Path: "/ws/room/1/", Token: "c"},
		{Path: "/ws/room/2/", Token: "c"},
	}, p.chatDials())
	require.Equal(t, []swarm.Dial{
		{Path: "/ws/call/7/", Token: "a"},
		{Path: "/ws/call/8/", Token: "a"},
		{Path: "/ws/call/9/", Token: "a"},
		{Path: "/ws/call/7/", Token: "b"},
		{Path: "/ws/call/8/", Token: "b"},
		{Path: "/ws/call/9/", Token: "b"},
	}, p.callDials())
}

func TestPeersSendToEachOther(t *testing.T) {
	b := &bench{o: options{outstanding: 3}, people: population{users: make([]*client.User, 2), calls: []int64{7, 8}}}
	for i := range b.people.users {
		b.people.users[i] = &client.User{}
		b.people.users[i].Account.ID = int64(100 + i)
	}
	l := b.relay(candidateFrame)
	require.Equal(t, 3, l.Outstanding)
	for place, want := range []int64{101, 101, 100, 100} {
		_, data := decode[relayed](t, l.Frame(place).Payload())
		require.Equal(t, want, data.Target, "socket %d", place)
	}
}

func TestPopulationFails(t *testing.T) {
	for path, want := range map[string]string{
		"/register/": "sign up", "/rooms/": "create a room", "/join/": "join a room",
	} {
		_, server := serveREST(t, path)
		_, err := populate(t.Context(), server, options{sockets: 4, room: 2})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "500")
	}
}
