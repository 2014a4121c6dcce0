package postgres

import (
	"slices"

	"github.com/jackc/pgx/v5"
)

// op is one write of a room, 0 for one of none. A writer puts it into a group's
// statement, again if the transaction had to be repeated, and calls finish once
// that is over.
type op interface {
	room() int64
	// share adds the op to a statement of its kind, and reports whether it was one.
	share(s statement) bool
	// statement makes one that the op is alone in, so far.
	statement() statement
	// finish calls back: with a failure of the transaction, or else with what the
	// statement answered.
	finish(failure error)
}

// statement is the writes of a group that PostgreSQL runs as one.
type statement interface {
	// queue adds the statement to what is sent, and says where its answers go.
	queue(b *pgx.Batch)
}

// group is a batch of writes on its way into the database.
type group struct {
	rooms      []int64 // ascending, each once
	statements []statement
}

// newGroup gathers the writes of a batch into few statements. Those of one room
// keep their order; those of different rooms may change places.
func newGroup(batch []op) *group {
	g := &group{}
	reached := make(map[int64]int) // by room, the statement with its latest write
	for _, o := range batch {
		room := o.room()
		from, known := reached[room]
		if !known {
			g.rooms = append(g.rooms, room)
		}
		reached[room] = g.place(o, from)
	}
	slices.Sort(g.rooms)
	return g
}

// place puts a write into the first statement that may take it, from one on, and
// returns which it is.
func (g *group) place(o op, from int) int {
	for i := from; i < len(g.statements); i++ {
		if o.share(g.statements[i]) {
			return i
		}
	}
	g.statements = append(g.statements, o.statement())
	return len(g.statements) - 1
}

// lockRooms has the transaction wait for others that write in one of the rooms.
// It is a statement of its own since each sees what was committed before it
// began; and all lock in ascending order, so that none waits for one that waits
// for it.
const lockRooms = `SELECT id FROM rooms WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE`

// batch is the group as one message exchange. PostgreSQL takes all up to its end
// for one transaction, and commits it there.
func (g *group) batch() *pgx.Batch {
	b := &pgx.Batch{}
	b.Queue(lockRooms, g.rooms)
	for _, s := range g.statements {
		s.queue(b)
	}
	return b
}
