package room

import "time"

// fence marks a right that has just ended: of a token, of a room, or of a user
// in a room. A handshake that checked the right a moment before meets it here;
// one that checked later was right, since the right may have been given again.
//
// That holds for checks against what is remembered too, which Endings cut off.
// Either the check came before the cut: then it began before the fence's time,
// which is taken after the cut, and meets it. Or it came after: then what was
// remembered was looked up after the cut, when the store knew of the ending.
type fence struct {
	token, room, user int64
}

// fences remembers them for a while. It belongs to a shard.
type fences struct {
	keep   time.Duration
	raised map[fence]time.Time
	order  []fence // the oldest first
}

func (f *fences) raise(x fence, ended time.Time) {
	f.forget(time.Now())
	if f.raised == nil {
		f.raised = make(map[fence]time.Time)
	}
	f.raised[x] = ended
	f.order = append(f.order, x)
}

// stops reports whether the right ended after it was checked.
func (f *fences) stops(x fence, checked time.Time) bool {
	at, ok := f.raised[x]
	return ok && !checked.After(at)
}

func (f *fences) forget(now time.Time) {
	for len(f.order) > 0 {
		oldest := f.order[0]
		if at, ok := f.raised[oldest]; ok && now.Sub(at) < f.keep {
			return
		}
		delete(f.raised, oldest)
		f.order = f.order[1:]
	}
}
