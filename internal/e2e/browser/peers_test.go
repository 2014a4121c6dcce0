package browser

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"parley/loadtest/client"
	"parley/loadtest/peer"
)

// peers are pion's peers that a script has added.
type peers struct {
	mu     sync.Mutex
	byName map[string]*peer.Peer // guarded by mu
}

// join signs a user up who joins a room, and its call.
func (p *peers) join(ctx context.Context, s client.Server, name string, roomID int64) (*peer.Peer, error) {
	u, err := s.Register(ctx, name, "correct horse battery")
	if err != nil {
		return nil, err
	}
	if err := u.JoinRoom(ctx, roomID); err != nil {
		return nil, err
	}
	joined, err := peer.Join(ctx, u, roomID, peer.Config{
		Settings: peer.Loopback(), Label: "parley", Media: true, Return: true,
	})
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byName[name] = joined
	return joined, nil
}

// link is a peer's connection to a user, once it is there.
func (p *peers) link(ctx context.Context, name string, userID int64) (*peer.Link, error) {
	p.mu.Lock()
	found := p.byName[name]
	p.mu.Unlock()
	if found == nil {
		return nil, fmt.Errorf("no peer %q: %w", name, errNoSuchThing)
	}
	return found.To(ctx, userID)
}

func (p *peers) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.byName {
		one.Close()
	}
}

var errNoSuchThing = errors.New("there is none")
