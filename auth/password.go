package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"parley/protocol"
)

const (
	saltBytes = 16 // RFC 9106, section 3.1
	keyBytes  = 32
	// hashRetryAfter is when to try again after being refused: the queue has
	// moved on by then.
	hashRetryAfter = time.Second
)

// hasher derives keys from passwords, so many at once and no more: each takes
// a CPU and megabytes, so a rush of logins must wait outside or be refused.
type hasher struct {
	// Static after construction.
	cost  Argon2
	queue int64
	meter Meter
	slots chan struct{} // holds one value for each hash at work

	waiting atomic.Int64
}

func newHasher(cfg Config) *hasher {
	return &hasher{
		cost:  cfg.Argon2,
		queue: int64(cfg.HashQueue),
		meter: cfg.Meter,
		slots: make(chan struct{}, cfg.HashConcurrency),
	}
}

// hash returns a new PHC string for password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	p := phc{cost: h.cost, salt: make([]byte, saltBytes)}
	_, _ = rand.Read(p.salt) // never fails: crypto/rand.Read ends the process instead
	key, err := h.derive(ctx, p.cost, p.salt, password, keyBytes)
	if err != nil {
		return "", err
	}
	p.key = key
	return p.String(), nil
}

// verify reports whether password is the one that stored was made from, by
// the cost that stored names. With nothing stored it works as long and says no.
func (h *hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	p := phc{cost: h.cost, salt: make([]byte, saltBytes), key: make([]byte, keyBytes)}
	if stored != "" {
		var err error
		if p, err = parsePHC(stored); err != nil {
			return false, fmt.Errorf("auth: stored password: %w", err)
		}
	}
	key, err := h.derive(ctx, p.cost, p.salt, password, uint32(len(p.key)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, p.key) == 1 && stored != "", nil
}

func (h *hasher) derive(ctx context.Context, c Argon2, salt []byte, password string, n uint32) ([]byte, error) {
	if err := h.enter(ctx); err != nil {
		return nil, err
	}
	defer func() { <-h.slots }()
	h.meter.Hashing(1)
	defer h.meter.Hashing(-1)
	return argon2.IDKey([]byte(password), salt, c.Passes, c.MemoryKiB, c.Lanes, n), nil
}

// enter takes a slot; its holder gives it back by receiving from slots.
func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
	}
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > h.queue {
		e := protocol.Errorf(protocol.CodeUnavailable, "too many logins at once; try again shortly")
		e.RetryAfter = hashRetryAfter
		return e
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
