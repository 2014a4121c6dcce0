package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

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

func scanRoom(row pgx.CollectableRow) (store.Room, error) {
	var f roomFields
	err := row.Scan(f.dest()...)
	return f.finish(), err
}

// CreateRoom implements store.Rooms.
func (s *Store) CreateRoom(ctx context.Context, r store.NewRoom) (store.Room, error) {
	return one(ctx, s.pool, scanRoom, `
		WITH clock AS MATERIALIZED (SELECT `+nowMilli+` AS ms),
		r AS (
			INSERT INTO rooms (name, owner_id, private, created_at, updated_at, active_at)
			SELECT $1, u.id, $3, clock.ms, clock.ms, clock.ms FROM users u, clock WHERE u.id = $2
			RETURNING *
		),
		joined AS (
			INSERT INTO participants (room_id, user_id, read_seq, joined_at) SELECT id, owner_id, 0, created_at FROM r
		)
		SELECT `+roomColumns+` FROM r JOIN users u ON u.id = r.owner_id`, r.Name, r.OwnerID, r.Private)
}

// RoomByID implements store.Rooms.
func (s *Store) RoomByID(ctx context.Context, id int64) (store.Room, error) {
	return one(ctx, s.pool, scanRoom, selectRoom+`WHERE r.id = $1`, id)
}

const updateRoom = `
WITH updated AS (
	UPDATE rooms r SET name = coalesce($2, r.name), private = coalesce($3, r.private), owner_id = coalesce($4, r.owner_id),
	       updated_at = greatest(r.active_at, ` + nowMilli + `), active_at = greatest(r.active_at, ` + nowMilli + `)
	WHERE r.id = $1 AND ($4::bigint IS NULL OR EXISTS (SELECT FROM participants p WHERE p.room_id = $1 AND p.user_id = $4))
	RETURNING *
)
SELECT CASE WHEN r.id IS NOT NULL THEN '` + done + `'
            WHEN EXISTS (SELECT FROM rooms WHERE id = $1) THEN '` + notParticipant + `'
            ELSE '` + notFound + `' END, ` + roomColumns + `
FROM (VALUES (1)) one
LEFT JOIN updated r ON true
LEFT JOIN users u ON u.id = r.owner_id`

// UpdateRoom implements store.Rooms.
func (s *Store) UpdateRoom(ctx context.Context, id int64, c store.RoomChange) (store.Room, error) {
	f, err := write(ctx, s, id, (*roomFields).dest, updateRoom, id, c.Name, c.Private, c.OwnerID)
	return f.finish(), err
}

// DeleteRoom implements store.Rooms. Participants go with it by foreign key; its
// messages, of which there may be millions, are not found any more and are
// removed later.
func (s *Store) DeleteRoom(ctx context.Context, id int64) error {
	_, err := write(ctx, s, id, nothing, `
		WITH gone AS (DELETE FROM rooms WHERE id = $1 RETURNING id),
		noted AS (INSERT INTO deleted_rooms (room_id) SELECT id FROM gone)
		SELECT CASE WHEN EXISTS (SELECT FROM gone) THEN '`+done+`' ELSE '`+notFound+`' END`, id)
	if err == nil {
		s.sweeper.wake()
	}
	return err
}
