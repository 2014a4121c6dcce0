package room

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"

	"parley/cluster"
	"parley/edge"
	"parley/protocol"
)

// Config sets a Hub up.
type Config struct {
	Node           string        // this node's name, as clients see it
	Boot           string        // this process's among the nodes; default Node and something random
	Alone          bool          // there are no other nodes
	Heartbeat      time.Duration // told to clients
	HoldBytes      int           // most that is held back for one session; default 256 KiB
	SessionsOfUser int           // on all nodes, where there is a Ledger; 0: no limit
	Spill          int           // sessions of a room from which on its sockets go to other shards too; 0: never
	Fence          time.Duration // how long an ended right is remembered; longer than any handshake takes, default 30 s
	Features       []string
	Resume         Resume
	Subscriptions  int // of one multiplexed socket; 0: no limit
	DrainRate      int // clients a second that a drain asks to come back; default 1,000

	// Ledger is where nodes agree, and where the sessions of suspended lines are put by
	// for other nodes; nil: each is on its own.
	Ledger Ledger
	// Dead reports that a node, by boot, is known not to live; nil: nobody knows.
	Dead func(boot string) bool
	// Standings tells what still stands where news of it may have been missed; nil:
	// what was missed is never made up for.
	Standings Standings

	Logger *slog.Logger
	Meter  Meter // nil: nobody counts
}

// Hub is all of this node's rooms.
type Hub struct {
	// static after Start
	cfg        Config
	bus        cluster.Bus
	factories  map[protocol.Channel]Factory
	endings    []Endings
	concierges []Concierge
	clerks     map[byte]func(Letter)
	heard      []func()
	shards     []*shard
	began      time.Time
	cancel     []func() // end the subscriptions to the bus

	users  quota
	tally  *tally // nil: each node counts for itself
	crowds crowds
	seal   seal
	kept   *edge.Allowance // of what is kept for clients that may return
	rights rights

	journeys  *journeys
	inquiries inquiries
	vault     *vault
}

// NewHub makes a hub. Register the channels, then Start it.
func NewHub(cfg Config, bus cluster.Bus) *Hub {
	if cfg.Boot == "" {
		cfg.Boot = cfg.Node + "." + rand.Text()[:8]
	}
	if cfg.HoldBytes == 0 {
		cfg.HoldBytes = 256 << 10
	}
	if cfg.Fence == 0 {
		cfg.Fence = 30 * time.Second
	}
	if cfg.DrainRate == 0 {
		cfg.DrainRate = 1000
	}
	if cfg.Features == nil {
		cfg.Features = []string{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Meter == nil {
		cfg.Meter = unmetered{}
	}
	kept := edge.NewAllowance(cfg.Resume.NodeBytes)
	h := &Hub{
		cfg: cfg, bus: bus, began: time.Now(),
		factories: make(map[protocol.Channel]Factory), clerks: make(map[byte]func(Letter)),
		users:  quota{most: cfg.SessionsOfUser},
		crowds: crowds{most: cfg.Spill},
		seal:   newSeal(), kept: kept, rights: newRights(),
		journeys: newJourneys(kept), vault: newVault(),
	}
	if cfg.Ledger != nil && !cfg.Alone && cfg.SessionsOfUser > 0 {
		h.tally = newTally(h, cfg.Ledger)
	}
	h.serveLines()
	return h
}

// age is a time since the hub began: shorter than a time.Time where many are kept.
func (h *Hub) age(t time.Time) time.Duration { return t.Sub(h.began) }

// Register names the factory of a channel's behaviors, before Start.
func (h *Hub) Register(ch protocol.Channel, f Factory) { h.factories[ch] = f }

// Start gives the hub the shards that its rooms live on, and listens to the
// other nodes.
func (h *Hub) Start(shards []*edge.Shard) {
	for _, s := range shards {
		h.shards = append(h.shards, newShard(h, s))
	}
	h.clerks[kindControl] = func(l Letter) { h.control(l.Body) }
	h.clerks[kindTelling] = func(l Letter) { h.told(l.Body) }
	if h.cfg.Standings != nil && !h.cfg.Alone {
		h.startRechecks()
	}
	h.listen()
}

// Stop no longer listens to the other nodes.
func (h *Hub) Stop() {
	for _, cancel := range h.cancel {
		cancel()
	}
	h.cancel = nil
	h.rights.stop()
	if h.tally != nil {
		h.tally.stop()
	}
	h.vault.stop()
}

// shardOf places a room. Ids are dense, so the remainder spreads them evenly.
func (h *Hub) shardOf(roomID int64) *shard {
	return h.shards[uint64(roomID)%uint64(len(h.shards))]
}

// In runs fn on the shard of a room, with the room or, if no session of this
// node is in it, with nil. It does not wait; it reports false, and fn never
// runs, when the node is stopping.
func (h *Hub) In(roomID int64, fn func(r *Room)) bool {
	sh := h.shardOf(roomID)
	return sh.edge.Post(func() {
		r := sh.rooms[roomID]
		if r != nil {
			defer r.survive()
		}
		fn(r)
	})
}

// Ask is In for a caller that waits for the answer.
func Ask[T any](ctx context.Context, h *Hub, roomID int64, fn func(r *Room) T) (T, error) {
	answer := make(chan T, 1)
	var none T
	if !h.In(roomID, func(r *Room) {
		defer close(answer)
		answer <- fn(r)
	}) {
		return none, protocol.Errorf(protocol.CodeUnavailable, "the server is shutting down")
	}
	select {
	case v, ok := <-answer:
		if !ok {
			return none, fmt.Errorf("room: room %d failed to answer", roomID)
		}
		return v, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
