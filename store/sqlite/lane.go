package sqlite

const (
	// laneTurn is the most writes of one room in a row while others wait.
	laneTurn = 32
	// maxLaneArray is the largest array that an empty lane keeps for later, and
	// maxSpareLanes how many empty lanes are kept.
	maxLaneArray  = 64
	maxSpareLanes = 1024
)

// lane is the writes of one room that wait.
type lane struct {
	room int64
	ops  []op
	head int   // of ops, the next to be taken
	next *lane // to be served
}

func (l *lane) empty() bool { return l.head == len(l.ops) }

// take moves up to n writes to the end of batch.
func (l *lane) take(batch []op, n int) []op {
	taken := l.ops[l.head:min(l.head+n, len(l.ops))]
	batch = append(batch, taken...)
	clear(taken)
	l.head += len(taken)
	if l.head > len(l.ops)/2 { // what is left is moved less often than it is taken
		rest := copy(l.ops, l.ops[l.head:])
		clear(l.ops[l.head:])
		l.ops, l.head = l.ops[:rest], 0
	}
	return batch
}

func (q *queue) newLane(room int64) *lane {
	n := len(q.spare)
	if n == 0 {
		return &lane{room: room}
	}
	l := q.spare[n-1]
	q.spare = q.spare[:n-1]
	l.room = room
	return l
}

// retire keeps an empty lane for another room.
func (q *queue) retire(l *lane) {
	delete(q.lanes, l.room)
	l.next = nil
	if len(q.spare) < maxSpareLanes && cap(l.ops) <= maxLaneArray {
		q.spare = append(q.spare, l)
	}
}
