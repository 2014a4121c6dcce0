package postgres

import (
	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

// posting is a message on its way into the database.
type posting struct {
	message store.NewMessage
	done    func(m store.Message, created bool, err error)

	// Owned by the writer, set anew by each run.
	stored  store.Message
	created bool
	refusal error
}

// PostMessage implements store.Messages.
func (s *Store) PostMessage(m store.NewMessage, done func(m store.Message, created bool, err error)) {
	s.enqueue(&posting{message: m, done: done})
}

func (p *posting) room() int64          { return p.message.RoomID }
func (p *posting) statement() statement { return &postings{all: []*posting{p}} }

func (p *posting) share(s statement) bool {
	ps, ok := s.(*postings)
	if ok {
		ps.all = append(ps.all, p)
	}
	return ok
}

func (p *posting) finish(failure error) {
	if failure == nil {
		failure = p.refusal
	}
	if failure != nil {
		p.done(store.Message{}, false, failure)
		return
	}
	p.done(p.stored, p.created, nil)
}

// postings are messages, of any rooms, that are stored by one statement.
type postings struct{ all []*posting }

// insertMessages stores messages in the order of its arrays and gives each the
// next seq of its room. One whose client_msg_id is known is left out: known from
// an earlier statement, as "earlier", or from the same one, as "first".
//
// The windows number the rows within the statement; nothing is joined to what is
// computed, since it has no index.
const insertMessages = `
WITH clock AS MATERIALIZED (SELECT ` + nowMilli + ` AS ms),
input AS MATERIALIZED (
	SELECT i, t.room_id, t.author_id, t.content, t.client_msg_id, r.last_seq,
	       greatest(r.active_at, clock.ms) AS at, m.id AS earlier,
	       CASE WHEN r.id IS NULL THEN '` + notFound + `'
	            WHEN p.id IS NULL THEN '` + notParticipant + `'
	            ELSE '` + done + `' END AS answer,
	       CASE WHEN t.client_msg_id <> '' THEN
	            min(i) OVER (PARTITION BY t.room_id, t.author_id, t.client_msg_id) END AS first
	FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
	     WITH ORDINALITY AS t (room_id, author_id, content, client_msg_id, i)
	CROSS JOIN clock
	LEFT JOIN rooms r ON r.id = t.room_id
	LEFT JOIN participants p ON p.room_id = t.room_id AND p.user_id = t.author_id
	LEFT JOIN messages m ON m.room_id = t.room_id AND m.author_id = t.author_id
	     AND m.client_msg_id = t.client_msg_id AND m.client_msg_id <> ''
),
judged AS (
	SELECT *, answer = '` + done + `' AND earlier IS NULL AND (first IS NULL OR first = i) AS fresh
	FROM input
),
counted AS (
	SELECT *, last_seq + count(*) FILTER (WHERE fresh) OVER (PARTITION BY room_id ORDER BY i) AS seq
	FROM judged ORDER BY i
),
numbered AS MATERIALIZED (
	SELECT *, CASE WHEN fresh THEN nextval('messages_id_seq') ELSE earlier END AS id
	FROM counted
),
inserted AS (
	INSERT INTO messages (id, room_id, seq, author_id, content, client_msg_id, created_at)
	SELECT id, room_id, seq, author_id, content, client_msg_id, at FROM numbered WHERE fresh
),
grown AS (
	UPDATE rooms r SET last_seq = n.seq, active_at = n.at
	FROM (SELECT room_id, max(seq) AS seq, max(at) AS at FROM numbered WHERE fresh GROUP BY room_id) n
	WHERE r.id = n.room_id
)
SELECT n.answer, n.fresh, coalesce(n.first, n.i), coalesce(n.id, 0), coalesce(m.seq, n.seq), u.username, u.display_name,
       coalesce(m.content, n.content), coalesce(m.created_at, n.at), coalesce(m.edited_at, 0), coalesce(m.deleted_at, 0)
FROM numbered n
LEFT JOIN users u ON u.id = n.author_id
LEFT JOIN messages m ON m.id = n.earlier
ORDER BY n.i`

func (ps *postings) queue(b *pgx.Batch) {
	n := len(ps.all)
	rooms, authors := make([]int64, n), make([]int64, n)
	contents, clientIDs := make([]string, n), make([]string, n)
	for i, p := range ps.all {
		m := &p.message
		rooms[i], authors[i], contents[i], clientIDs[i] = m.RoomID, m.AuthorID, m.Content, m.ClientMsgID
	}
	b.Queue(insertMessages, rooms, authors, contents, clientIDs).Query(func(rows pgx.Rows) error {
		return answers(rows, n, ps.read)
	})
}

// read takes the answer to the i-th message. One that is in the statement twice
// has the answer of the first.
func (ps *postings) read(i int, row pgx.CollectableRow) error {
	p := ps.all[i]
	m := store.Message{RoomID: p.message.RoomID, ClientMsgID: p.message.ClientMsgID}
	m.Author.ID = p.message.AuthorID
	var first, created, edited, deleted int64
	var err error
	p.created = false
	p.refusal, err = scanAnswer(row, &p.created, &first, &m.ID, &m.Seq, &m.Author.Username, &m.Author.DisplayName,
		&m.Content, &created, &edited, &deleted)
	if err != nil || p.refusal != nil {
		return err
	}
	m.CreatedAt, m.EditedAt, m.DeletedAt = value.Time(created), value.Time(edited), value.Time(deleted)
	if f := ps.all[first-1]; first-1 < int64(i) {
		m = f.stored
	}
	p.stored = m
	return nil
}
