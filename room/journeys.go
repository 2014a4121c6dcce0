package room

import (
	"sync"
	"time"

	"parley/edge"
)

// journeys are the lines that came here from other nodes or went there, by
// connection_id. Any goroutine may use them.
//
//	(another node) ──answer──▶ arrived ──its client's socket──▶ landed ──▶ departed (to another node)
type journeys struct {
	keeping *edge.Allowance // of what departures keep; static

	mu       sync.Mutex
	arrived  map[string]*arrival // guarded by mu, as are the others
	landed   map[string]berth
	departed map[string]*departure
}

func newJourneys(keeping *edge.Allowance) *journeys {
	return &journeys{
		keeping: keeping,
		arrived: make(map[string]*arrival), landed: make(map[string]berth), departed: make(map[string]*departure),
	}
}

// arrival is a parcel whose client is about to come.
type arrival struct {
	parcel   *parcel
	from     string    // the boot that keeps a copy until this one has landed; "": nobody does
	until    time.Time // from then on it must not land any more
	reserved time.Time // until then, for the claim that it came for
}

// berth is where a line is that came from elsewhere.
type berth struct {
	shard  *shard
	place  int32
	tokens map[uint64]string // as origin's
}

// departure is where a line went.
type departure struct {
	to     string
	at     time.Time
	late   [][]byte // messages that followed, until it is packed
	packed bool
	kept   []byte // the parcel, until it is known to have landed; nil: it has, or there was no room
}

// arrive takes a parcel in, for the claim that asked for it. It reports false if it
// or its line is here already.
func (j *journeys) arrive(a *arrival) bool {
	name := a.parcel.name
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, here := j.landed[name]; here || j.arrived[name] != nil {
		return false
	}
	a.reserved = time.Now().Add(landWithin)
	j.forget(j.departed[name])
	delete(j.departed, name)
	j.arrived[name] = a
	time.AfterFunc(time.Until(a.until), func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.arrived[name] == a {
			delete(j.arrived, name)
		}
	})
	return true
}

// take takes an arrival out, for a shard to land it: exactly one does.
func (j *journeys) take(name string, sh *shard) *arrival {
	j.mu.Lock()
	defer j.mu.Unlock()
	a := j.arrived[name]
	if a == nil || !time.Now().Before(a.until) {
		return nil
	}
	delete(j.arrived, name)
	j.landed[name] = berth{shard: sh, place: unsettled}
	return a
}

// unsettled is the place of a line that is being landed.
const unsettled = -1

// settle says where the line is that was taken.
func (j *journeys) settle(name string, b berth) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.landed[name] = b
}

// left says that a line is here no more.
func (j *journeys) left(name string, sh *shard, place int32) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if b := j.landed[name]; b.shard == sh && b.place == place {
		delete(j.landed, name)
	}
}

// ticket finds a line by a token that another node gave.
func (j *journeys) ticket(name, token string) (ticket, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	b, ok := j.landed[name]
	if !ok {
		return ticket{}, false
	}
	for serial, s := range b.tokens {
		if s == token {
			return ticket{uint16(b.shard.edge.ID()), b.place, serial}, true
		}
	}
	return ticket{}, false
}

// holds reports whether a line that came from elsewhere is here, or about to be.
func (j *journeys) holds(name string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, landed := j.landed[name]
	return landed || j.arrived[name] != nil
}

// berth is where a line is that landed here.
func (j *journeys) berth(name string) (b berth, landed bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	b, landed = j.landed[name]
	return b, landed
}

// find looks for the line of a claim among those that came from elsewhere:
// nowhere, if it is not one of them; onBoard, if it has landed, and atBerth, if it
// has arrived and may be landed.
func (j *journeys) find(c claim) whereabouts {
	j.mu.Lock()
	defer j.mu.Unlock()
	b, landed := j.landed[c.name]
	a := j.arrived[c.name]
	switch {
	case landed && b.place == unsettled:
		return notYet
	case landed:
		return onBoard
	case a == nil:
		return nowhere
	case !a.parcel.is(c.user, c.at, c.token):
		return notTheirsToHave
	case time.Now().Before(a.reserved):
		return notYet
	}
	a.reserved = time.Now().Add(landWithin)
	return atBerth
}
