package sqlite

import (
	"context"
	"fmt"

	"parley/store"
	"parley/store/internal/value"
)

const (
	roomColumns = `r.id, r.name, r.owner_id, u.username, u.display_name, r.private, r.last_seq, r.created_at, r.updated_at`
	selectRoom  = `SELECT ` + roomColumns + ` FROM rooms r JOIN users u ON u.id = r.owner_id `
)

// roomFields are where a row's roomColumns go; finish sets the times.
type roomFields struct {
	room             store.Room
	created, updated int64
}

func (f *roomFields) dest() []any {
	r := &f.room
	return []any{
		&r.ID, &r.Name, &r.Owner.ID, &r.Owner.Username, &r.Owner.DisplayName,
		&r.Private, &r.LastSeq, &f.created, &f.updated,
	}
}

func (f *roomFields) finish() store.Room {
	f.room.CreatedAt, f.room.UpdatedAt = value.Time(f.created), value.Time(f.updated)
	return f.room
}

func scanRoom(row scanner) (store.Room, error) {
	var f roomFields
	err := row.Scan(f.dest()...)
	return f.finish(), err
}

// CreateRoom implements store.Rooms.
func (s *Store) CreateRoom(ctx context.Context, r store.NewRoom) (store.Room, error) {
	return write(ctx, s, 0, func(ctx context.Context, t *tx) (store.Room, error) {
		if _, err := userByID(ctx, t, r.OwnerID); err != nil {
			return store.Room{}, err
		}
		now := value.Milli(t.now)
		id, err := t.insert(ctx, `
			INSERT INTO rooms (name, owner_id, private, created_at, updated_at, active_at)
			VALUES (?, ?, ?, ?, ?, ?)`, r.Name, r.OwnerID, r.Private, now, now, now)
		if err != nil {
			return store.Room{}, fmt.Errorf("create room: %w", err)
		}
		if err := t.join(ctx, id, r.OwnerID, 0); err != nil {
			return store.Room{}, err
		}
		return roomByID(ctx, t, id)
	})
}

// RoomByID implements store.Rooms.
func (s *Store) RoomByID(ctx context.Context, id int64) (store.Room, error) {
	return roomByID(ctx, s.reader, id)
}

func roomByID(ctx context.Context, q querier, id int64) (store.Room, error) {
	return one(ctx, q, scanRoom, selectRoom+`WHERE r.id = ?`, id)
}

// UpdateRoom implements store.Rooms.
func (s *Store) UpdateRoom(ctx context.Context, id int64, c store.RoomChange) (store.Room, error) {
	return write(ctx, s, id, func(ctx context.Context, t *tx) (store.Room, error) {
		r, err := roomByID(ctx, t, id)
		if err != nil {
			return store.Room{}, err
		}
		if c.Name != nil {
			r.Name = *c.Name
		}
		if c.Private != nil {
			r.Private = *c.Private
		}
		if c.OwnerID != nil {
			owner, err := t.member(ctx, id, *c.OwnerID)
			if err != nil {
				return store.Room{}, err
			}
			r.Owner = owner.Author
		}
		r.UpdatedAt = t.now
		_, err = t.exec(ctx,
			`UPDATE rooms SET name = ?, private = ?, owner_id = ?, updated_at = ?, active_at = ? WHERE id = ?`,
			r.Name, r.Private, r.Owner.ID, value.Milli(t.now), value.Milli(t.now), id)
		return r, err
	})
}

// DeleteRoom implements store.Rooms. Participants and messages go with it by
// foreign key.
func (s *Store) DeleteRoom(ctx context.Context, id int64) error {
	_, err := write(ctx, s, id, func(ctx context.Context, t *tx) (struct{}, error) {
		_, err := one(ctx, t, scanInt, `DELETE FROM rooms WHERE id = ? RETURNING id`, id)
		return struct{}{}, err
	})
	return err
}
