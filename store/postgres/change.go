package postgres

import (
	"parley/store"
	"parley/store/internal/value"
)

// changed is the answer to an edit or a deletion.
type changed struct {
	message                  store.Message
	created, edited, deleted int64
	now                      bool // by this very write
}

func (c *changed) dest() []any {
	m := &c.message
	return []any{
		&c.now, &m.ID, &m.Seq, &m.RoomID, &m.Author.ID, &m.Author.Username, &m.Author.DisplayName,
		&m.Content, &m.ClientMsgID, &c.created, &c.edited, &c.deleted,
	}
}

func (c *changed) finish() store.Message {
	m := c.message
	m.CreatedAt, m.EditedAt, m.DeletedAt = value.Time(c.created), value.Time(c.edited), value.Time(c.deleted)
	return m
}

// findMessage is a message for a participant who wants to change it, and when
// that would be: one row, whatever there is.
const findMessage = `
WITH found AS MATERIALIZED (
	SELECT m.*, r.id AS in_room, p.id AS participant, u.username, u.display_name,
	       greatest(r.active_at, ` + nowMilli + `) AS at
	FROM (VALUES (1)) one
	LEFT JOIN rooms r ON r.id = $1
	LEFT JOIN participants p ON p.room_id = r.id AND p.user_id = $2
	LEFT JOIN messages m ON m.id = $3 AND m.room_id = r.id
	LEFT JOIN users u ON u.id = m.author_id
)`

// mayChange is the answer to who wants to change what was found.
const mayChange = `
	CASE WHEN f.in_room IS NULL THEN '` + notFound + `'
	     WHEN f.participant IS NULL THEN '` + notParticipant + `'
	     WHEN f.id IS NULL THEN '` + notFound + `'`

const editMessage = findMessage + `, edited AS (
	UPDATE messages m SET content = $4, edited_at = f.at, changed_at = f.at
	FROM found f WHERE m.id = f.id AND f.participant IS NOT NULL AND f.deleted_at = 0
)
SELECT ` + mayChange + ` WHEN f.deleted_at <> 0 THEN '` + isDeleted + `' ELSE '` + done + `' END, true,
       f.id, f.seq, f.room_id, f.author_id, f.username, f.display_name,
       $4::text, f.client_msg_id, f.created_at, f.at, f.deleted_at
FROM found f`

const emptyMessage = findMessage + `, emptied AS (
	UPDATE messages m SET content = '', deleted_at = f.at, changed_at = f.at
	FROM found f WHERE m.id = f.id AND f.participant IS NOT NULL AND f.deleted_at = 0
)
SELECT ` + mayChange + ` ELSE '` + done + `' END, f.deleted_at = 0,
       f.id, f.seq, f.room_id, f.author_id, f.username, f.display_name,
       '', f.client_msg_id, f.created_at, f.edited_at, CASE f.deleted_at WHEN 0 THEN f.at ELSE f.deleted_at END
FROM found f`

// PostEdit implements store.Messages.
func (s *Store) PostEdit(roomID, userID, messageID int64, content string, done func(store.Message, error)) {
	s.enqueue(&single[changed]{
		of: roomID, sql: editMessage, args: []any{roomID, userID, messageID, content}, dest: (*changed).dest,
		done: func(c changed, err error) { done(c.finish(), err) },
	})
}

// PostDelete implements store.Messages.
func (s *Store) PostDelete(roomID, userID, messageID int64, done func(m store.Message, deleted bool, err error)) {
	s.enqueue(&single[changed]{
		of: roomID, sql: emptyMessage, args: []any{roomID, userID, messageID}, dest: (*changed).dest,
		done: func(c changed, err error) { done(c.finish(), c.now, err) },
	})
}
