package sqlite

import "context"

// op is one write. The writer calls run within a transaction, again if that
// transaction had to be repeated, and finish once it is over.
//
// run checks all that can be refused before its first statement that changes
// something, so that a refusal leaves nothing half done.
type op interface {
	run(ctx context.Context, t *tx) error
	finish(err error)
}

// task is an op made of two functions.
type task struct {
	do   func(ctx context.Context, t *tx) error
	done func(error)
}

func (o *task) run(ctx context.Context, t *tx) error { return o.do(ctx, t) }
func (o *task) finish(err error)                     { o.done(err) }
