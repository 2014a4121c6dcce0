package redis

import (
	"context"
	"time"

	"parley/presence"
)

// patience bounds how long a batch of writes may take. What comes meanwhile
// waits for the next one, for as long as its callers do.
const patience = 2 * time.Second

// Enter implements presence.Registry.
func (r *Registry) Enter(ctx context.Context, room int64, u presence.User) error {
	return r.write(ctx, r.of(room), &write{room: room, user: u.ID, names: packNames(u)})
}

// Leave implements presence.Registry.
func (r *Registry) Leave(ctx context.Context, room, userID int64) error {
	return r.write(ctx, r.of(room), &write{room: room, user: userID})
}

// write queues a change and waits until Redis has it, or ctx ends.
func (r *Registry) write(ctx context.Context, p *partition, w *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.ctx, w.done = ctx, make(chan error, 1)
	first, err := p.put(w, &r.writers)
	if err != nil {
		return err
	}
	if first {
		go r.send(p)
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// send writes what is queued, batch by batch, until nothing is.
func (r *Registry) send(p *partition) {
	defer r.writers.Done()
	for {
		batch, answered := p.take()
		if len(batch) == 0 {
			return
		}
		since, err := r.sendBatch(p, batch, answered)
		for _, w := range batch {
			w.since = since
			w.done <- err
		}
	}
}

// sendBatch sends writes under one number. The client may send it again, and
// Redis may find it late: it is carried out once, or never after a later one.
func (r *Registry) sendBatch(p *partition, batch []*write, answered int64) (since string, err error) {
	p.number++
	args := append(make([]any, 0, 3+3*len(batch)), p.number, answered, 0)
	for _, w := range batch {
		if w.afresh {
			args[2] = 1
		} else {
			args = append(args, w.room, w.user, w.names)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	answer, err := r.run(ctx, r.scripts.write, p, args...)
	if err != nil {
		return "", err
	}
	p.confirm(p.number)
	since, _ = answer.(string)
	return since, nil
}
