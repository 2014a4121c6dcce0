package room

import "sync/atomic"

// link is the way from one shard to another. What is put on it runs on the other
// shard, all of it in the order in which it was put, however it is batched: what
// was put in one turn is one post.
type link struct {
	// static
	from, to *shard
	most     int    // bytes under way from which on the link is behind
	flushing func() // flush, made once

	// owned by from's goroutine
	batch *batch
	put   int      // bytes, ever
	held  []reader // who waits for the link to catch up

	done  atomic.Int64          // bytes of put that have arrived, written by to's goroutine
	spare atomic.Pointer[batch] // emptied by to's goroutine, for from's to fill
}

// batch is what is put on a link in one turn.
type batch struct {
	todo  []func()
	bytes int
	run   func() // made once
}

// spareBatch is the longest batch whose memory is kept.
const spareBatch = 1024

// link returns the way to another shard.
func (sh *shard) link(to *shard) *link {
	if l := sh.links[to]; l != nil {
		return l
	}
	l := &link{from: sh, to: to, most: sh.hub.cfg.HoldBytes / 2}
	l.flushing = l.flush
	if sh.links == nil {
		sh.links = make(map[*shard]*link)
	}
	sh.links[to] = l
	return l
}

// post has fn run on the other shard, after all that was posted before. bytes is
// what the link counts it as.
func (l *link) post(bytes int, fn func()) {
	if l.batch == nil {
		l.batch = l.empty()
		l.from.edge.Defer(l.flushing)
	}
	l.batch.todo = append(l.batch.todo, fn)
	l.batch.bytes += bytes
	l.put += bytes
}

// flush sends the turn's batch. A shard that has stopped takes nothing: its
// sockets and rooms are gone.
func (l *link) flush() {
	b := l.batch
	l.batch = nil
	l.to.edge.Post(b.run)
}

func (l *link) empty() *batch {
	if b := l.spare.Swap(nil); b != nil {
		return b
	}
	b := &batch{}
	b.run = func() { l.arrive(b) }
	return b
}

// arrive is a batch at the other shard.
func (l *link) arrive(b *batch) {
	for i, fn := range b.todo {
		b.todo[i] = nil
		fn()
	}
	l.done.Add(int64(b.bytes))
	b.todo, b.bytes = b.todo[:0], 0
	if cap(b.todo) <= spareBatch {
		l.spare.Store(b)
	}
}

// behind reports that much is under way: the other shard cannot keep up.
func (l *link) behind() bool { return l.put-int(l.done.Load()) > l.most }

// hold stops a reader, who puts more on the link, until the other shard has done
// all that is under way now.
func (l *link) hold(x reader) {
	x.PauseReading()
	l.held = append(l.held, x)
	if len(l.held) == 1 {
		l.post(0, func() { l.to.link(l.from).post(0, l.goOn) })
	}
}

func (l *link) goOn() {
	held := l.held
	l.held = nil
	for _, x := range held {
		x.ResumeReading()
	}
}
