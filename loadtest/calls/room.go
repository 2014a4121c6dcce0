package calls

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/client"
	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// room is where one call at a time takes place, and its participants.
type room struct {
	id    int64
	users []*client.User
}

// together is how many rooms are made at a time.
const together = 8

// prepare makes a room for each of the calls that there may be at once. Users take
// part in several rooms where there are too few.
func prepare(ctx context.Context, cfg Config, t *target.Target, r *measure.Recorder) ([]room, error) {
	users, err := t.Users(ctx, cfg.Size*cfg.Concurrency, r)
	if err != nil {
		return nil, err
	}
	if len(users) < cfg.Size {
		return nil, fmt.Errorf("calls: %d peers in a call need as many users, there are %d", cfg.Size, len(users))
	}
	rooms := make([]room, cfg.Concurrency)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(together)
	for i := range rooms {
		for j := range cfg.Size {
			rooms[i].users = append(rooms[i].users, users[(i*cfg.Size+j)%len(users)])
		}
		group.Go(func() error {
			made, err := t.Room(ctx, rooms[i].users, r)
			rooms[i].id = made.ID
			return err
		})
	}
	return rooms, group.Wait()
}
