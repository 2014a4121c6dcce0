package target_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// node is as much of a node as users are made with.
type node struct {
	*httptest.Server

	mu      sync.Mutex
	names   map[string]int64 // guarded by mu: of users, with their ids
	busy    int              // guarded by mu: how often it is still too busy
	members map[string]int   // guarded by mu: joins by token
	metrics string           // static
}

func newNode(t *testing.T) *node {
	t.Helper()
	n := &node{names: map[string]int64{}, members: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/auth/register/", n.register)
	mux.HandleFunc("GET /api/auth/me/", n.me)
	mux.HandleFunc("POST /api/rooms/", n.room)
	mux.HandleFunc("POST /api/rooms/{id}/join/", n.join)
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(n.metrics)) })
	n.Server = httptest.NewServer(mux)
	t.Cleanup(n.Close)
	return n
}

func (n *node) register(w http.ResponseWriter, r *http.Request) {
	var in struct{ Username string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.busy > 0 {
		n.busy--
		w.Header().Set("Retry-After", "0")
		problem(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	if _, taken := n.names[in.Username]; taken {
		problem(w, http.StatusBadRequest, "validation_error")
		return
	}
	n.names[in.Username] = int64(len(n.names) + 1)
	_, _ = fmt.Fprintf(w, `{"token": "of %s", "user": {"id": %d, "username": %q}}`, in.Username, n.names[in.Username], in.Username)
}

func (n *node) me(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(strings.TrimPrefix(r.Header.Get("Authorization"), "Token "))
	if err != nil {
		problem(w, http.StatusUnauthorized, "unauthenticated")
		return
	}
	_, _ = fmt.Fprintf(w, `{"id": %d, "username": "user %d"}`, id, id)
}

func (n *node) room(w http.ResponseWriter, _ *http.Request) {
	_, _ = fmt.Fprint(w, `{"id": 7, "name": "load"}`)
}

func (n *node) join(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != "7" {
		problem(w, http.StatusNotFound, "not_found")
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.members[r.Header.Get("Authorization")]++
}

func problem(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"status": %d, "code": %q}`, status, code)
}
