package postgres

import (
	"github.com/jackc/pgx/v5"

	"parley/store"
)

// reading is a read marker on its way into the database.
type reading struct {
	roomID, userID, messageID int64
	done                      func(r store.ReadMarker, moved bool, err error)

	// Owned by the writer, set anew by each run.
	marker  store.ReadMarker
	moved   bool
	refusal error
}

// PostRead implements store.Messages.
func (s *Store) PostRead(roomID, userID, messageID int64, done func(r store.ReadMarker, moved bool, err error)) {
	s.enqueue(&reading{roomID: roomID, userID: userID, messageID: messageID, done: done})
}

func (r *reading) room() int64          { return r.roomID }
func (r *reading) statement() statement { return &readings{all: []*reading{r}} }

func (r *reading) share(s statement) bool {
	rs, ok := s.(*readings)
	if ok {
		rs.all = append(rs.all, r)
	}
	return ok
}

func (r *reading) finish(failure error) {
	if failure == nil {
		failure = r.refusal
	}
	if failure != nil {
		r.done(store.ReadMarker{}, false, failure)
		return
	}
	r.done(r.marker, r.moved, nil)
}

// readings are read markers, of any rooms and users, that are moved by one
// statement.
type readings struct{ all []*reading }

// moveMarkers moves read markers in the order of its arrays: "before" is where a
// user's stands when it is a row's turn.
const moveMarkers = `
WITH input AS MATERIALIZED (
	SELECT i, t.room_id, t.user_id, p.id AS participant, p.read_seq,
	       CASE t.message_id WHEN 0 THEN r.last_seq ELSE m.seq END AS wanted,
	       CASE WHEN r.id IS NULL THEN '` + notFound + `'
	            WHEN p.id IS NULL THEN '` + notParticipant + `'
	            WHEN t.message_id <> 0 AND m.id IS NULL THEN '` + notFound + `'
	            ELSE '` + done + `' END AS answer
	FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS t (room_id, user_id, message_id, i)
	LEFT JOIN rooms r ON r.id = t.room_id
	LEFT JOIN participants p ON p.room_id = t.room_id AND p.user_id = t.user_id
	LEFT JOIN messages m ON m.id = t.message_id AND m.room_id = t.room_id
),
stepped AS MATERIALIZED (
	SELECT *, greatest(read_seq, max(wanted) OVER (PARTITION BY room_id, user_id ORDER BY i
	       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS before
	FROM input
),
moved AS (
	UPDATE participants p SET read_seq = s.seq
	FROM (SELECT participant, max(wanted) AS seq FROM stepped WHERE wanted > before GROUP BY participant) s
	WHERE p.id = s.participant
)
SELECT s.answer, coalesce(m.id, 0), greatest(s.before, s.wanted), s.wanted > s.before
FROM stepped s
LEFT JOIN messages m ON m.room_id = s.room_id AND m.seq = greatest(s.before, s.wanted)
ORDER BY s.i`

func (rs *readings) queue(b *pgx.Batch) {
	n := len(rs.all)
	rooms, users, messages := make([]int64, n), make([]int64, n), make([]int64, n)
	for i, r := range rs.all {
		rooms[i], users[i], messages[i] = r.roomID, r.userID, r.messageID
	}
	b.Queue(moveMarkers, rooms, users, messages).Query(func(rows pgx.Rows) error {
		return answers(rows, n, func(i int, row pgx.CollectableRow) (err error) {
			r := rs.all[i]
			r.refusal, err = scanAnswer(row, &r.marker.MessageID, &r.marker.Seq, &r.moved)
			return err
		})
	})
}
