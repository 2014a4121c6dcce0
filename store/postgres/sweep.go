package postgres

import (
	"context"
	"log/slog"
	"time"
)

const (
	// sweepEvery is how often the store looks for rooms whose deletion a node
	// that is gone has not finished.
	sweepEvery = time.Minute
	// sweepAtOnce is how many messages one statement removes: a fraction of a
	// second's work.
	sweepAtOnce = 5000
)

// sweeper removes the messages of rooms that have been deleted, a little at a
// time. Those of several nodes may sweep one room: they share the work.
type sweeper struct {
	// Static after construction.
	pool    *pool
	log     *slog.Logger
	deleted chan struct{} // capacity 1: there is something to sweep
	cancel  context.CancelFunc
	ended   chan struct{} // closed when run has returned
}

func newSweeper(p *pool, log *slog.Logger) *sweeper {
	ctx, cancel := context.WithCancel(context.Background())
	s := &sweeper{pool: p, log: log, deleted: make(chan struct{}, 1), cancel: cancel, ended: make(chan struct{})}
	go s.run(ctx)
	return s
}

// wake has the sweeper look now. It does not block.
func (s *sweeper) wake() {
	select {
	case s.deleted <- struct{}{}:
	default:
	}
}

// close ends the sweeper, in the middle of a room if need be, and waits.
func (s *sweeper) close() {
	s.cancel()
	<-s.ended
}

func (s *sweeper) run(ctx context.Context) {
	defer close(s.ended)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "deleted rooms: their messages are removed later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.deleted:
		case <-tick.C:
		}
	}
}

// sweep removes what is left of all deleted rooms.
func (s *sweeper) sweep(ctx context.Context) error {
	rooms, err := many(ctx, s.pool, scanInt, `SELECT room_id FROM deleted_rooms ORDER BY room_id`)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		for removed := int64(sweepAtOnce); removed == sweepAtOnce; {
			removed, err = one(ctx, s.pool, scanInt, `
				WITH gone AS (
					DELETE FROM messages WHERE id = ANY(ARRAY(
						SELECT id FROM messages WHERE room_id = $1 ORDER BY seq LIMIT $2))
					RETURNING id
				)
				SELECT count(*) FROM gone`, room, sweepAtOnce)
			if err != nil {
				return err
			}
		}
		err := exec(ctx, s.pool, `
			DELETE FROM deleted_rooms WHERE room_id = $1
			       AND NOT EXISTS (SELECT FROM messages WHERE room_id = $1) RETURNING room_id`, room)
		if err != nil {
			return err
		}
	}
	return nil
}
