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
	"parley/protocol"
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

func TestTown(t *testing.T) {
	f, server := serveREST(t, "")
	place, err := build(t.Context(), server, 4, 3)
	require.NoError(t, err)
	require.Len(t, place.users, 3)
	require.Len(t, place.rooms, 4)
	require.NotContains(t, place.rooms, int64(0))
	require.NotContains(t, place.users, resident{})
	require.Equal(t, 4, f.rooms)
	owner := "Token " + place.users[0].token
	require.NotContains(t, f.joins, owner, "the first user makes them all")
	require.Equal(t, map[string]int{
		"Token " + place.users[1].token: 4, "Token " + place.users[2].token: 4,
	}, f.joins)
}

func TestNeighborsAreOfDifferentRooms(t *testing.T) {
	place := town{users: []resident{{1, "a"}, {2, "b"}}, rooms: []int64{7, 8, 9}}
	require.Equal(t, []swarm.Dial{
		{Path: "/ws/room/7/", Token: "a"},
		{Path: "/ws/room/8/", Token: "a"},
		{Path: "/ws/room/9/", Token: "a"},
		{Path: "/ws/room/7/", Token: "b"},
		{Path: "/ws/room/8/", Token: "b"},
		{Path: "/ws/room/9/", Token: "b"},
	}, place.dials(chatPath))
	require.Equal(t, "/ws/call/7/", place.dials(callPath)[0].Path)
}

func TestImaginedTownsAreAsLarge(t *testing.T) {
	require.Equal(t, town{users: []resident{{id: 1}, {id: 2}}, rooms: []int64{1, 2, 3}}, imagined(0, 3, 2))
	require.Equal(t, []int64{4, 5}, imagined(3, 2, 2).rooms, "no room is imagined twice")
}

func TestPeersSendToEachOther(t *testing.T) {
	place := town{users: []resident{{id: 100}, {id: 101}}, rooms: []int64{7, 8}}
	for _, kind := range signalKinds() {
		for _, ack := range []bool{false, true} {
			l := kind.load(place, ack)
			require.Equal(t, 1, l.Deliveries)
			offers := 0
			for turn := range uint32(100) {
				for sender, want := range []int64{101, 101, 100, 100} {
					e, data := decode[relayed](t, l.Frame(sender, turn).Payload())
					require.Equal(t, want, data.Target, "socket %d", sender)
					require.Equal(t, l.Answers == 1, e.ID != nil)
					if e.Type == protocol.TypeOffer {
						offers++
					}
				}
			}
			require.Equal(t, map[string]int{"mix": 40, "SDP": 400, "candidates": 0}[kind.name], offers)
		}
	}
}

func TestTownFails(t *testing.T) {
	for path, want := range map[string]string{
		"/register/": "sign up", "/rooms/": "create a room", "/join/": "join a room",
	} {
		_, server := serveREST(t, path)
		_, err := build(t.Context(), server, 2, 2)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "500")
	}
}
