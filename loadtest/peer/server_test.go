package peer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/loadtest/peer"
	"parley/protocol"
)

const patience = 30 * time.Second

// frame is a frame either way.
type frame struct {
	Type protocol.Type  `json:"type"`
	ID   string         `json:"id,omitempty"`
	Data map[string]any `json:"data"`
}

// server is as much of the wire contract as peers need of it: one room, in which
// the test may meddle.
type server struct {
	*httptest.Server

	mu    sync.Mutex
	peers []*member // guarded by mu: who has joined, in order
	seen  []frame   // guarded by mu: all that came from clients
	// Static once peers join; called with mu held.
	answer  func(m *member, f frame) bool // true: the frame has been dealt with
	servers []protocol.ICEServer
	resumes bool // who is lost may return
}

// member is a client that has joined the call.
type member struct {
	conn *websocket.Conn
	user int64
	id   string
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	m := s.greet(conn, r)
	for {
		_, b, err := conn.Read(r.Context())
		if err != nil {
			break
		}
		var f frame
		if json.Unmarshal(b, &f) == nil {
			s.take(m, f)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.resumes && m.conn == conn {
		s.leave(m)
	}
}

// greet welcomes a client, as the peer that it was if it returns.
func (s *server) greet(conn *websocket.Conn, r *http.Request) *member {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &member{conn: conn}
	_, _ = fmt.Sscanf(r.Header.Get("Authorization"), "Token %d", &m.user)
	resumed := false
	for _, p := range s.peers {
		if token := r.URL.Query().Get("resume"); s.resumes && p.id == token {
			m, resumed = p, true
			m.conn = conn
		}
	}
	m.send(protocol.TypeWelcome, "", map[string]any{
		"resumed": resumed, "resume_token": fmt.Sprintf("p%d", m.user), // who joins in the order of their ids is found again
	})
	return m
}

func (s *server) take(m *member, f frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, f)
	switch {
	case s.answer != nil && s.answer(m, f):
	case f.Type == protocol.TypeJoinCall:
		s.join(m, f.ID)
	case f.Type == protocol.TypeLeaveCall:
		m.send(protocol.TypeAck, f.ID, map[string]any{})
	case f.Type == protocol.TypePing:
		m.send(protocol.TypePong, f.ID, map[string]any{})
	default:
		s.relay(m, f)
		if f.ID != "" {
			m.send(protocol.TypeAck, f.ID, map[string]any{})
		}
	}
}

func (s *server) join(m *member, id string) {
	m.id = fmt.Sprintf("p%d", len(s.peers)+1)
	others := []map[string]any{}
	for _, p := range s.peers {
		others = append(others, map[string]any{"user_id": p.user, "peer_id": p.id, "polite": true})
		p.send(protocol.TypeUserJoined, "", map[string]any{
			"user": map[string]any{"id": m.user}, "peer_id": m.id, "polite": false,
		})
	}
	s.peers = append(s.peers, m)
	m.send(protocol.TypeCallJoined, "", map[string]any{
		"peer_id": m.id, "participants": others, "ice_servers": s.servers,
	})
	m.send(protocol.TypeAck, id, map[string]any{})
}

func (s *server) relay(m *member, f frame) {
	f.Data["from_peer_id"] = m.id
	for _, p := range s.peers {
		if p.id == f.Data["target_peer_id"] {
			p.send(f.Type, "", f.Data)
		}
	}
}

// leave tells the others. mu is held.
func (s *server) leave(m *member) {
	for _, p := range s.peers {
		if p != m {
			p.send(protocol.TypeUserLeft, "", map[string]any{"user_id": m.user, "peer_id": m.id, "reason": "left"})
		}
	}
}

// send is for frames small enough never to block for long.
func (m *member) send(typ protocol.Type, id string, data map[string]any) {
	b, err := json.Marshal(frame{typ, id, data})
	if err != nil {
		panic(err)
	}
	_ = m.conn.Write(context.Background(), websocket.MessageText, b) // it may have gone
}

// tell sends a frame to the peer that joined as the n-th.
func (s *server) tell(n int, typ protocol.Type, data map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peers[n].send(typ, "", data)
}

// frames are those of a type that clients have sent so far.
func (s *server) frames(typ protocol.Type) (found []frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.seen {
		if f.Type == typ {
			found = append(found, f)
		}
	}
	return found
}

// user is a client of the server with an id.
func (s *server) user(id int64) *client.User {
	return &client.User{
		Server: client.Server{Base: s.URL}, Token: fmt.Sprint(id), Account: protocol.Account{ID: id},
	}
}

// join joins the call as a peer with an id, which leaves when the test ends.
func join(t *testing.T, s *server, id int64, cfg peer.Config) *peer.Peer {
	t.Helper()
	cfg.Settings = peer.Loopback()
	p, err := peer.Join(within(t), s.user(id), 1, cfg)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}
