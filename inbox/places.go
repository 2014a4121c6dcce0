package inbox

import (
	"cmp"
	"slices"
)

// crowded is how many places a bucket has on average, at most.
const crowded = 32

// place is that a user who is here is in a room.
type place struct {
	room int64
	who  *resident
}

// places finds who is in a room. A map of slices would cost three times as much
// for rooms of one or two who are here, which most are: here the places of several
// rooms share a slice, in order.
type places struct {
	buckets [][]place // by room; a power of two
	n       int
}

func (p *places) bucket(roomID int64) *[]place {
	return &p.buckets[uint64(roomID)&uint64(len(p.buckets)-1)] // ids are dense
}

// of lists the places in a room, until the next change.
func (p *places) of(roomID int64) []place {
	if p.n == 0 {
		return nil
	}
	b := *p.bucket(roomID)
	from, _ := slices.BinarySearchFunc(b, roomID, func(x place, id int64) int { return cmp.Compare(x.room, id) })
	to := from
	for to < len(b) && b[to].room == roomID {
		to++
	}
	return b[from:to]
}

// add puts a user into a room. They must not be in it.
func (p *places) add(roomID int64, r *resident) {
	if p.n >= crowded*len(p.buckets) {
		p.grow()
	}
	x := place{roomID, r}
	b := p.bucket(roomID)
	at, _ := slices.BinarySearchFunc(*b, x, place.compare)
	if len(*b) == cap(*b) { // by little: what is kept free is never used in most
		*b = append(make([]place, 0, len(*b)+len(*b)/8+1), *b...)
	}
	*b = slices.Insert(*b, at, x)
	p.n++
}

// remove takes a user out of a room, if they are in it.
func (p *places) remove(roomID int64, r *resident) {
	if p.n == 0 {
		return
	}
	b := p.bucket(roomID)
	at, in := slices.BinarySearchFunc(*b, place{roomID, r}, place.compare)
	if !in {
		return
	}
	*b = slices.Delete(*b, at, at+1)
	p.n--
	if len(*b) < cap(*b)/2 {
		*b = append([]place(nil), *b...)
	}
}

// grow doubles the buckets: each keeps its places or shares them with a new one.
func (p *places) grow() {
	old := p.buckets
	p.buckets = make([][]place, max(1, 2*len(old)))
	for i, b := range old {
		var moved, kept int
		for _, x := range b {
			if p.bucket(x.room) == &p.buckets[i] {
				kept++
			} else {
				moved++
			}
		}
		p.buckets[i] = make([]place, 0, kept)
		p.buckets[i+len(old)] = make([]place, 0, moved)
		for _, x := range b {
			to := p.bucket(x.room)
			*to = append(*to, x)
		}
	}
}

func (x place) compare(y place) int {
	if x.room != y.room {
		return cmp.Compare(x.room, y.room)
	}
	return cmp.Compare(x.who.user, y.who.user)
}
