package lanes

const (
	// laneTurn is the most writes of one room in a row while others wait.
	laneTurn = 32
	// maxLaneArray is the largest array that an empty lane keeps for later, and
	// maxSpareLanes how many empty lanes are kept.
	maxLaneArray  = 64
	maxSpareLanes = 1024
)

// lane is the writes of one room that wait.
type lane[T any] struct {
	room int64
	ops  []T
	head int      // of ops, the next to be taken
	next *lane[T] // to be served
}

func (l *lane[T]) empty() bool { return l.head == len(l.ops) }

// take moves up to n writes to the end of batch.
func (l *lane[T]) take(batch []T, n int) []T {
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

func (q *Queue[T]) newLane(room int64) *lane[T] {
	n := len(q.spare)
	if n == 0 {
		return &lane[T]{room: room}
	}
	l := q.spare[n-1]
	q.spare = q.spare[:n-1]
	l.room = room
	return l
}

// retire keeps an empty lane for another room.
func (q *Queue[T]) retire(l *lane[T]) {
	delete(q.lanes, l.room)
	l.next = nil
	if len(q.spare) < maxSpareLanes && cap(l.ops) <= maxLaneArray {
		q.spare = append(q.spare, l)
	}
}
