package ringing_test

import (
	"context"
	"sync/atomic"

	"parley/store"
	"parley/store/sqlite"
)

// failing is a store that fails, or is slow, when told to.
type failing struct {
	*sqlite.Store
	reads, adds, takes atomic.Pointer[error]
	gate               atomic.Pointer[chan struct{}] // look-ups wait for it to be closed
}

func fail(p *atomic.Pointer[error]) error {
	if err := p.Load(); err != nil {
		return *err
	}
	return nil
}

func (f *failing) IsParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	if gate := f.gate.Load(); gate != nil {
		select {
		case <-*gate:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	if err := fail(&f.reads); err != nil {
		return false, err
	}
	return f.Store.IsParticipant(ctx, roomID, userID)
}

func (f *failing) AddMissedCalls(ctx context.Context, roomID, caller int64, users []int64) error {
	if err := fail(&f.adds); err != nil {
		return err
	}
	return f.Store.AddMissedCalls(ctx, roomID, caller, users)
}

func (f *failing) TakeUntoldCalls(ctx context.Context, userID int64, limit int) ([]store.MissedCall, error) {
	if err := fail(&f.takes); err != nil {
		return nil, err
	}
	return f.Store.TakeUntoldCalls(ctx, userID, limit)
}

func (f *failing) UsersWithUntoldCalls(ctx context.Context, after int64, limit int) ([]int64, error) {
	if err := fail(&f.reads); err != nil {
		return nil, err
	}
	return f.Store.UsersWithUntoldCalls(ctx, after, limit)
}
