package swarm

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// message is a client's frame as the fake server reads it.
type message struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Data struct {
		Note string `json:"note"`
		N    int    `json:"n"`
	} `json:"data"`
}

// fake is a server in which all sockets share one room.
type fake struct {
	*httptest.Server
	answer func(f *fake, k *websocket.Conn, m message) // default: ack and broadcast
	greet  func(k *websocket.Conn) bool                // default: welcome; false: read nothing
	arrive func(k *websocket.Conn, r *http.Request)    // instead of greet, where it is set: says the welcome
	accept *websocket.AcceptOptions

	mu      sync.Mutex
	members map[*websocket.Conn]bool // guarded by mu
	closed  []websocket.StatusCode   // guarded by mu: how sockets ended
	tokens  []string                 // guarded by mu
	hosts   map[string]bool          // guarded by mu: addresses that sockets came from
	ended   sync.WaitGroup
}

func serve(t *testing.T, f *fake) *fake {
	t.Helper()
	f.members, f.hosts = make(map[*websocket.Conn]bool), make(map[string]bool)
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(func() {
		f.Server.CloseClientConnections()
		f.Server.Close()
		f.ended.Wait()
	})
	return f
}

func (f *fake) addr(t *testing.T) netip.AddrPort {
	t.Helper()
	addr, err := netip.ParseAddrPort(f.Listener.Addr().String())
	require.NoError(t, err)
	return addr
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.ended.Add(1)
	defer f.ended.Done()
	if !strings.HasPrefix(r.URL.Path, "/ws/room/") {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	k, err := websocket.Accept(w, r, f.accept)
	if err != nil {
		return
	}
	defer func() { _ = k.CloseNow() }()
	f.mu.Lock()
	f.members[k] = true
	f.tokens = append(f.tokens, r.Header.Get("Authorization"))
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	f.hosts[host] = true
	f.mu.Unlock()
	switch {
	case f.arrive != nil:
		f.arrive(k, r)
	case f.greet != nil:
		if !f.greet(k) {
			return
		}
	default:
		say(k, `{"type":"welcome","data":{}}`)
	}
	err = f.read(k)
	f.mu.Lock()
	delete(f.members, k)
	f.closed = append(f.closed, websocket.CloseStatus(err))
	f.mu.Unlock()
}

func (f *fake) read(k *websocket.Conn) error {
	k.SetReadLimit(-1)
	for {
		_, b, err := k.Read(context.Background())
		if err != nil {
			return err
		}
		var m message
		if err := json.Unmarshal(b, &m); err != nil {
			return err
		}
		if f.answer != nil {
			f.answer(f, k, m)
			continue
		}
		f.broadcast(fmt.Sprintf(`{"type":"typing","data":{"note":%q}}`, m.Data.Note))
		say(k, fmt.Sprintf(`{"type":"ack","id":%q}`, m.ID))
	}
}

func (f *fake) broadcast(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.members {
		say(k, text)
	}
}

func say(k *websocket.Conn, text string) {
	_ = k.Write(context.Background(), websocket.MessageText, []byte(text))
}

const note = `{"type":"typing","id":"` + Stamp + `","data":{"note":"` + Stamp + `"}}`

// load is a note from each socket to all of n.
func load(n, outstanding int) Load {
	tpl := NewTemplate(note)
	return Load{Frame: always(tpl), Answers: 1, Deliveries: n, Outstanding: outstanding}
}

func always(t *Template) func(int, uint32) *Template {
	return func(int, uint32) *Template { return t }
}

// open makes a swarm of n sockets.
func open(t *testing.T, f *fake, n int) (*Swarm, Result) {
	t.Helper()
	s, err := New(f.addr(t))
	require.NoError(t, err)
	t.Cleanup(s.Close)
	r, err := s.Open(within(t), dials(n), 3)
	require.NoError(t, err)
	return s, r
}

func dials(n int) []Dial {
	all := make([]Dial, n)
	for i := range all {
		all[i] = Dial{Path: "/ws/room/1/", Token: fmt.Sprint("t", i)}
	}
	return all
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}
