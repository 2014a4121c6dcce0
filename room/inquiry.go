package room

import (
	"context"
	"maps"
	"sync"
	"time"
)

// muteFor is how long a node that has not answered is not waited for: many of its
// clients may come at once. Then one claim finds out, for the next.
const muteFor = 3 * time.Second

// inquiries are the claims that this node waits to have answered.
type inquiries struct {
	mu   sync.Mutex
	last uint64                 // guarded by mu, as are the others
	open map[uint64]chan answer // by request; capacity 1
	mute map[string]time.Time   // nodes that have not answered, and until when that counts
}

// answer is what a node says to a claim.
type answer struct {
	request uint64
	found   whereabouts
	to      []byte // elsewhere: a boot
	body    []byte // atBerth: a parcel; elsewhere: not empty if there is a copy
}

// ask writes a claim to a node, once more after a while, and waits for the answer,
// unless the node is known not to give any.
func (q *inquiries) ask(ctx context.Context, boot string, c claim, write func(claim)) (answer, bool) {
	answered, ok := q.begin(boot, &c)
	if !ok {
		return answer{}, false
	}
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.open, c.request)
	}()
	patience := time.NewTimer(claimWait)
	defer patience.Stop()
	again := time.NewTicker(claimAgain)
	defer again.Stop()
	for write(c); ; {
		select {
		case a := <-answered:
			return a, true
		case <-again.C:
			write(c)
		case <-patience.C:
			q.silent(boot)
			return answer{}, false
		case <-ctx.Done():
			return answer{}, false
		}
	}
}

// begin numbers a claim. It reports false if the node is not to be waited for.
func (q *inquiries) begin(boot string, c *claim) (answered chan answer, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if until, mute := q.mute[boot]; mute {
		if time.Now().Before(until) {
			return nil, false
		}
		q.mute[boot] = time.Now().Add(muteFor) // this one finds out
	}
	if q.open == nil {
		q.open, q.mute = make(map[uint64]chan answer), make(map[string]time.Time)
	}
	q.last++
	c.request = q.last
	answered = make(chan answer, 1)
	q.open[c.request] = answered
	return answered, true
}

// silent takes note of a node that has not answered.
func (q *inquiries) silent(boot string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(q.mute, func(_ string, until time.Time) bool { return now.After(until) })
	q.mute[boot] = now.Add(muteFor)
}

// answered hands a node's answer to who waits for it, if somebody does.
func (q *inquiries) answered(boot string, a answer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.mute, boot)
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
