package room

import (
	"context"
	"time"

	"parley/edge"
	"parley/ledger"
	"parley/protocol"
)

// depositEvery is how often at most a line is put by again while frames for it come.
const depositEvery = 100 * time.Millisecond

// deposit is a line's document in the vault, from when its socket is lost until
// what this node wrote is gone from there. It belongs to the line's shard.
type deposit struct {
	line    *line
	version int64     // of the document; 0: none is known, or none that is this node's affair
	there   bool      // that document is the line, as this node wrote it
	busy    bool      // somebody is at it
	stale   bool      // the line has changed since
	due     time.Time // when it may be written again
	armed   bool      // for then
	leave   time.Time // it is not to be there until then: the client is on its way
	waiting []func(ours bool, err error)
}

// deposit returns a line's, a new one if need be; nil where there is no vault.
func (sh *shard) deposit(l *line) *deposit {
	if sh.hub.cfg.Ledger == nil || sh.hub.cfg.Alone {
		return nil
	}
	d := sh.deposits[l]
	if d == nil {
		if sh.deposits == nil {
			sh.deposits = make(map[*line]*deposit)
		}
		d = &deposit{line: l}
		sh.deposits[l] = d
	}
	return d
}

// putBy has a line that is suspended written soon.
func (l *line) putBy() {
	if d := l.shard.deposit(l); d != nil {
		d.stale = true
		d.step()
	}
}

// changed says that a line may no longer be as it was put by.
func (l *line) changed() {
	if d := l.shard.deposits[l]; d != nil {
		d.stale = true
		d.step()
	}
}

// wanted reports whether the line is to be in the vault.
func (d *deposit) wanted() bool {
	l := d.line
	return !l.over && l.away != nil && l.conn == nil && !time.Now().Before(d.leave)
}

// step does what is to be done next, if it is time.
func (d *deposit) step() {
	sh := d.line.shard
	switch wanted := d.wanted(); {
	case d.busy:
		return
	case !wanted && d.version == 0:
		delete(sh.deposits, d.line)
		d.tell(true, nil)
		return
	case wanted && !d.stale:
		d.tell(true, nil)
		return
	}
	if wait := time.Until(d.due); wait > 0 && len(d.waiting) == 0 {
		d.arm(wait)
		return
	}
	d.busy = true
	sh.hub.vault.do(d.write)
}

func (d *deposit) arm(wait time.Duration) {
	if d.armed {
		return
	}
	d.armed = true
	time.AfterFunc(wait, func() {
		d.line.shard.edge.Post(func() {
			d.armed = false
			d.step()
		})
	})
}

// tell answers those who wait until the document is as it should be, or cannot be.
func (d *deposit) tell(ours bool, err error) {
	waiting := d.waiting
	d.waiting = nil
	for _, fn := range waiting {
		fn(ours, err)
	}
}

// write swaps the document, off the shard, for the line as it is when it is its
// turn.
func (d *deposit) write(ctx context.Context) {
	sh := d.line.shard
	contents := make(chan content, 1)
	if !sh.edge.Post(func() { d.contents(1, func(c content) { contents <- c }) }) {
		return
	}
	select {
	case c := <-contents:
		if c.never {
			sh.edge.Post(d.postpone)
			return
		}
		h := sh.hub
		swap, cancel := context.WithTimeout(ctx, vaultTimeout)
		now, stored, err := h.cfg.Ledger.Swap(swap, vaultKey(d.line.name()), c.was, c.value, max(h.cfg.Resume.Window, time.Millisecond))
		cancel()
		sh.edge.Post(func() { d.written(c.there, now, stored, err) })
	case <-ctx.Done():
	}
}

// content is what a document is to become.
type content struct {
	was   int64
	value []byte
	there bool // the line is to be had there
	never bool // it cannot be told: too much happens to the line
}

// packings is how often a line is packed in a row while it changes.
const packings = 8

func (d *deposit) postpone() {
	d.busy, d.stale, d.due = false, true, time.Now().Add(depositEvery)
	d.arm(depositEvery)
}

// contents gives the document that should be there. What came from another node
// leaves a note where it is: that node may still believe it has it.
func (d *deposit) contents(packing int, then func(content)) {
	l := d.line
	boot := l.shard.hub.cfg.Boot
	if !d.wanted() {
		c := content{was: d.version}
		if o := l.origin(); o != nil && o.tokens != nil && !l.over {
			c.value = record{boot: boot}.encode()
		}
		then(c)
		return
	}
	d.stale = false
	l.rider.pack(false, func(sessions []packed) {
		switch {
		case d.wanted() && !d.stale:
			rec := record{boot: boot, parcel: l.parcel(sessions).encode()}
			then(content{was: d.version, value: rec.encode(), there: true})
		case packing < packings: // it has changed while other shards were asked
			d.contents(packing+1, then)
		default:
			then(content{never: true})
		}
	})
}

// written takes in what became of a Swap.
func (d *deposit) written(there bool, now ledger.Document, stored bool, err error) {
	d.busy = false
	d.due = time.Now().Add(depositEvery)
	switch {
	case err != nil:
		d.line.shard.hub.cfg.Logger.Warn("room: session not put by", "err", err)
		d.stale, d.due = true, time.Now().Add(vaultRetry)
		d.tell(true, err) // as far as anybody can know
	case stored:
		d.version, d.there = 0, there
		if there {
			d.version = now.Version
		}
	default:
		if d.conflict(now) {
			return
		}
	}
	d.step()
}

// conflict is a document that somebody else has changed. It reports true if the
// line is theirs: they took what this node wrote. Anything else of another node's is
// of the past, when the line was there, or of the future, when it is.
func (d *deposit) conflict(now ledger.Document) bool {
	h := d.line.shard.hub
	rec := readRecord(now.Value)
	theirs := rec.boot != "" && rec.boot != h.cfg.Boot
	switch {
	case theirs && d.there:
		delete(d.line.shard.deposits, d.line)
		d.line.taken(rec.boot)
		d.tell(false, nil)
		return true
	case theirs && !d.wanted():
		d.version = 0
	default:
		d.version, d.stale, d.due = now.Version, true, time.Time{}
		d.there = !theirs && rec.parcel != nil
	}
	return false
}

// taken ends a line that another node has taken from the vault.
func (l *line) taken(by string) {
	if l.over {
		return
	}
	h := l.shard.hub
	h.journeys.lose(l.name(), by, max(h.cfg.Resume.Window, claimHold))
	if l.conn != nil {
		l.conn.Abandon(uint16(protocol.CloseReplaced), "resumed on another node")
	}
	l.end(edge.Closure{Code: codeMoved})
}
