package call

import (
	"slices"

	"parley/protocol"
)

// pair is how two peers stand with each other. Each offer of either begins a
// negotiation: the epoch counts them, from 1.
//
// Of peers on two nodes each node counts for its own, and may not have heard of
// the other's last offer. So these leave numbers out: those of the peer that joined
// first are odd, the other's even. A peer that another node took on without what
// its former one knew begins far above all that this may have counted to.
type pair struct {
	offered [2]int64 // epoch of each side's latest offer; 0: none yet
	spoken  [2]int64 // epoch of each side's latest offer or answer
}

// link is one side of a pair.
type link struct {
	peer *participant // the other
	pair *pair
	side int // index of one's own in the pair
}

// linkTo finds p's link with another peer, or makes it.
func (p *participant) linkTo(q *participant) link {
	for _, l := range p.links {
		if l.peer == q {
			return l
		}
	}
	l := link{peer: q, pair: &pair{}}
	p.links = append(p.links, l)
	q.links = append(q.links, link{peer: p, pair: l.pair, side: 1})
	return l
}

func (p *participant) unlink(q *participant) {
	p.links = slices.DeleteFunc(p.links, func(l link) bool { return l.peer == q })
}

// adoptionEpochs is how many epochs a peer may begin with another before it is
// taken on by another node.
const adoptionEpochs = 1 << 20

// epoch is the negotiation that a frame of this side, from's, belongs to: an offer begins
// one; an answer is of the other side's latest offer; a candidate is of what its
// sender last said. What precedes that is of the newest there is, at least the
// first.
func (l link) epoch(t protocol.Type, from *participant) int64 {
	newest := max(l.pair.offered[0], l.pair.offered[1], (from.adoptions()+l.peer.adoptions())*adoptionEpochs)
	of := l.pair.spoken[l.side]
	switch t {
	case protocol.TypeOffer:
		return newest + 1 + l.skipped(newest+1, from)
	case protocol.TypeAnswer:
		of = l.pair.offered[1-l.side]
	}
	if of == 0 {
		return max(newest, 1)
	}
	return of
}

// skipped is 1 if the number is the other side's to use, else 0.
func (l link) skipped(n int64, from *participant) int64 {
	odd := from.joined < l.peer.joined
	if from.sharesHome(l.peer) || odd == (n%2 == 1) {
		return 0
	}
	return 1
}

// speak takes account of a frame that was passed on.
func (l link) speak(t protocol.Type, epoch int64) {
	switch t {
	case protocol.TypeOffer:
		l.pair.offered[l.side] = max(epoch, l.pair.offered[l.side])
		l.pair.spoken[l.side] = epoch
	case protocol.TypeAnswer:
		l.pair.spoken[l.side] = epoch
	}
}

// negotiates reports whether a frame belongs to a negotiation.
func negotiates(t protocol.Type) bool {
	switch t {
	case protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate:
		return true
	default:
		return false
	}
}
