package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// control is what scripts may do to the stage, as an HTTP server for them alone.
func (s *stage) control() http.Handler {
	mux := http.NewServeMux()
	do := func(pattern string, act func(ctx context.Context, r request) (any, error)) {
		mux.HandleFunc("POST "+pattern, func(w http.ResponseWriter, r *http.Request) { answer(w, r, act) })
	}
	do("/node/start", func(context.Context, request) (any, error) { return nil, s.node.Start() })
	do("/node/stop", func(context.Context, request) (any, error) { return nil, s.node.Stop() })
	do("/node/metrics", func(ctx context.Context, _ request) (any, error) { return s.metrics(ctx) })
	do("/networks", func(context.Context, request) (any, error) { return s.addNetwork() })
	do("/networks/{id}/{fault}", func(_ context.Context, r request) (any, error) { return nil, s.breakNetwork(r) })
	do("/relay/drop", func(context.Context, request) (any, error) { return nil, s.relay.set(true) })
	do("/relay/pass", func(context.Context, request) (any, error) { return nil, s.relay.set(false) })
	do("/sites/{name}/config", func(_ context.Context, r request) (any, error) { return nil, s.configure(r) })
	do("/peers/{name}/join", s.joinPeer)
	do("/peers/{name}/status", s.peerStatus)
	do("/peers/{name}/send", s.peerSends)
	do("/peers/{name}/receive", s.peerReceives)
	return mux
}

// request is what a script asks.
type request struct {
	*http.Request

	RoomID int64  `json:"roomId"`
	UserID int64  `json:"userId"`
	Text   string `json:"text"`
	body   []byte
}

func answer(w http.ResponseWriter, r *http.Request, act func(context.Context, request) (any, error)) {
	in := request{Request: r}
	body, err := io.ReadAll(r.Body)
	if err == nil && len(body) > 0 {
		in.body = body
		err = json.Unmarshal(body, &in)
	}
	var out any
	if err == nil {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		out, err = act(ctx, in)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // the script may have gone
}

func (s *stage) metrics(ctx context.Context) (any, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.node.AdminURL()+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return string(text), err
}

func (s *stage) addNetwork() (any, error) {
	w, err := newNetwork(s.node.Addr())
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.networks = append(s.networks, w)
	return map[string]any{"id": len(s.networks) - 1, "url": "http://" + w.proxy.Addr()}, nil
}

func (s *stage) breakNetwork(r request) error {
	id, err := strconv.Atoi(r.PathValue("id"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || id < 0 || id >= len(s.networks) {
		return fmt.Errorf("network %q: %w", r.PathValue("id"), errNoSuchThing)
	}
	faults := map[string]func(){"hole": s.networks[id].hole, "heal": s.networks[id].heal, "cut": s.networks[id].cut}
	fault, ok := faults[r.PathValue("fault")]
	if !ok {
		return fmt.Errorf("fault %q: %w", r.PathValue("fault"), errNoSuchThing)
	}
	fault()
	return nil
}

func (s *stage) configure(r request) error {
	found, ok := s.sites[r.PathValue("name")]
	if !ok {
		return fmt.Errorf("site %q: %w", r.PathValue("name"), errNoSuchThing)
	}
	found.config.Store(string(r.body))
	return nil
}

func (s *stage) joinPeer(ctx context.Context, r request) (any, error) {
	p, err := s.peers.join(ctx, s.node.Server(), r.PathValue("name"), r.RoomID)
	if err != nil {
		return nil, err
	}
	return map[string]any{"id": p.ID(), "userId": p.User().Account.ID}, nil
}

func (s *stage) peerStatus(ctx context.Context, r request) (any, error) {
	l, err := s.peers.link(ctx, r.PathValue("name"), r.UserID)
	if err != nil {
		return nil, err
	}
	now := l.Status()
	return map[string]any{
		"connection": now.Connection.String(), "open": now.Open, "audio": now.Audio, "video": now.Video,
		"ignored": now.Ignored, "yielded": now.Yielded, "restarts": now.Restarts,
	}, nil
}

func (s *stage) peerSends(ctx context.Context, r request) (any, error) {
	l, err := s.peers.link(ctx, r.PathValue("name"), r.UserID)
	if err != nil {
		return nil, err
	}
	if err := l.Connected(ctx); err != nil {
		return nil, err
	}
	return nil, l.Send([]byte(r.Text))
}

func (s *stage) peerReceives(ctx context.Context, r request) (any, error) {
	l, err := s.peers.link(ctx, r.PathValue("name"), r.UserID)
	if err != nil {
		return nil, err
	}
	message, err := l.Receive(ctx)
	return string(message), err
}
