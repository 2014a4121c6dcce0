package room

import (
	"context"
	"sync"
	"time"
)

// inquiries are the claims that this node waits to have answered.
type inquiries struct {
	mu   sync.Mutex
	last uint64                 // guarded by mu, as is open
	open map[uint64]chan answer // by request; capacity 1
}

// answer is what a node says to a claim.
type answer struct {
	request uint64
	found   whereabouts
	to      []byte // elsewhere: a boot
	body    []byte // atBerth: a parcel; elsewhere: not empty if there is a copy
}

// ask writes a claim, once more after a while, and waits for the answer.
func (q *inquiries) ask(ctx context.Context, c claim, write func(claim)) (answer, bool) {
	answered := make(chan answer, 1)
	q.mu.Lock()
	q.last++
	c.request = q.last
	if q.open == nil {
		q.open = make(map[uint64]chan answer)
	}
	q.open[c.request] = answered
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.open, c.request)
	}()
	ctx, cancel := context.WithTimeout(ctx, claimWait)
	defer cancel()
	again := time.NewTicker(claimAgain)
	defer again.Stop()
	for write(c); ; {
		select {
		case a := <-answered:
			return a, true
		case <-again.C:
			write(c)
		case <-ctx.Done():
			return answer{}, false
		}
	}
}

// answered hands an answer to who waits for it, if somebody does.
func (q *inquiries) answered(a answer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if ch := q.open[a.request]; ch != nil {
		delete(q.open, a.request)
		ch <- a
	}
}

// append encodes an answer.
func (a answer) append(b []byte) []byte {
	b = appendNumbers(b, int64(a.request), int64(a.found))
	return appendText(appendText(b, a.to), a.body)
}

func readAnswer(b []byte) (a answer, ok bool) {
	r := reading{rest: b}
	a.request, a.found = uint64(r.number()), whereabouts(r.number())
	a.to, a.body = r.text(), r.text()
	switch a.found {
	case atBerth, notTheirsToHave, notHere, elsewhere, notYet:
		return a, !r.failed
	}
	return a, false
}
