package peer

import (
	"context"
	"fmt"
	"sync"

	"github.com/pion/webrtc/v4"

	"parley/loadtest/client"
	"parley/protocol"
)

// Peer is a user that has joined a room's call.
type Peer struct {
	// static after Join
	cfg     Config
	user    *client.User
	session *client.Session
	api     *webrtc.API
	media   *media
	joined  chan struct{} // closed when call_joined came
	done    chan struct{} // closed when signaling has ended

	mu      sync.Mutex
	id      string             // guarded by mu: this peer's id
	servers []webrtc.ICEServer // guarded by mu
	links   map[string]*Link   // guarded by mu: by the other's peer id
	changed chan struct{}      // guarded by mu: closed when links changed
	closed  bool               // guarded by mu: no links are made any more

	once sync.Once // closes joined
}

// Join opens a call socket and joins the room's call. It returns when the server
// has confirmed it; connections to the others follow. ctx bounds only Join.
func Join(ctx context.Context, u *client.User, roomID int64, cfg Config) (*Peer, error) {
	if cfg.Label == "" {
		cfg.Label = "data"
	}
	m, err := newMedia()
	if err != nil {
		return nil, err
	}
	way := client.SessionConfig{}
	if cfg.Return {
		way = client.SessionConfig{Comeback: client.ByItself, Ack: true}
	}
	session, err := u.OpenSession(ctx, fmt.Sprintf("/ws/call/%d/", roomID), way)
	if err != nil {
		return nil, fmt.Errorf("peer: %w", err)
	}
	p := &Peer{
		cfg: cfg, user: u, session: session, media: m,
		api:    webrtc.NewAPI(webrtc.WithSettingEngine(cfg.Settings)),
		joined: make(chan struct{}), done: make(chan struct{}),
		links: make(map[string]*Link), changed: make(chan struct{}),
	}
	if cfg.Media {
		m.start()
	}
	go p.receive(context.WithoutCancel(ctx))
	if err := p.join(ctx); err != nil {
		p.Close()
		return nil, fmt.Errorf("peer: join: %w", err)
	}
	return p, nil
}

func (p *Peer) join(ctx context.Context) error {
	if _, err := p.session.Request(ctx, protocol.TypeJoinCall, nil); err != nil {
		return err
	}
	select {
	case <-p.joined:
		return nil
	case <-p.done:
		return p.session.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ID is this peer's peer_id.
func (p *Peer) ID() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.id
}

// User is whose peer this is.
func (p *Peer) User() *client.User { return p.user }

// Socket is the newest signaling socket, to send or await its end on it. Its frames
// are the peer's to read.
func (p *Peer) Socket() *client.Socket { return p.session.Socket() }

// Session is the signaling session, to send on it or await its returns. Its frames
// are the peer's to read.
func (p *Peer) Session() *client.Session { return p.session }

// say sends a frame, in order, and again after a return if the server has not had
// it. Without a session that returns it is lost with its socket, and there is
// nobody to tell.
func (p *Peer) say(t protocol.Type, data any) {
	if p.cfg.Return {
		_ = p.session.Post(t, data)
		return
	}
	_ = p.session.Socket().Send(context.Background(), t, data)
}

// Links are the connections to the other peers, up or coming up.
func (p *Peer) Links() []*Link {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]*Link, 0, len(p.links))
	for _, l := range p.links {
		list = append(list, l)
	}
	return list
}

// To waits until there is a link to a user's peer and returns it.
func (p *Peer) To(ctx context.Context, userID int64) (*Link, error) {
	for {
		p.mu.Lock()
		changed := p.changed
		for _, l := range p.links {
			if l.userID == userID {
				p.mu.Unlock()
				return l, nil
			}
		}
		p.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("peer: waiting for user %d to be in the call: %w", userID, ctx.Err())
		}
	}
}

// StartMedia begins to send audio and video, over all links and those to come:
// the connections are negotiated anew. It does nothing the second time.
func (p *Peer) StartMedia() {
	p.media.start()
	for _, l := range p.Links() {
		l.post(l.addMedia)
	}
}

// Leave leaves the call in good order and hangs up. The socket stays open.
func (p *Peer) Leave(ctx context.Context) error {
	_, err := p.session.Request(ctx, protocol.TypeLeaveCall, nil)
	p.hangUp()
	if err != nil {
		return fmt.Errorf("peer: leave: %w", err)
	}
	return nil
}

// Cut drops the signaling socket without a close frame, as a lost network does. The
// connections to the others stay until they or Close end them. A peer that does not
// Return has no signaling any more when Cut returns.
func (p *Peer) Cut() {
	p.session.Socket().Cut()
	if !p.cfg.Return {
		<-p.done
	}
}

// Close closes the signaling socket, unless it has ended already, hangs up, and
// returns when all goroutines of the peer have ended.
func (p *Peer) Close() {
	_ = p.session.Close() // one that was lost cannot be closed in good order
	<-p.done
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.hangUp()
	p.media.stop()
}

// hangUp ends all links and waits until they have.
func (p *Peer) hangUp() {
	links := p.Links()
	for _, l := range links {
		p.drop(l.peerID, "")
	}
	for _, l := range links {
		<-l.ended
	}
}
