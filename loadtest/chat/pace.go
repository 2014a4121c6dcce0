package chat

import (
	"context"
	"math/rand/v2"
	"time"

	"parley/protocol"
)

// beat is how often the pace looks at what is due. What is due between two beats
// counts from its own time.
const beat = 5 * time.Millisecond

// sweepEvery is how often rooms are looked through for what is overdue.
const sweepEvery = 2 * time.Second

// tellEvery is how often members who may be cut tell what they have received: the
// contract wants it every 20 s.
const tellEvery = 10 * time.Second

// pace says when the next of something is due: at a steady rate, whatever becomes
// of those before.
type pace struct {
	next  time.Time
	every time.Duration // 0: never
}

func newPace(start time.Time, perSecond float64) pace {
	if perSecond <= 0 {
		return pace{}
	}
	every := time.Duration(float64(time.Second) / perSecond)
	return pace{next: start.Add(every), every: max(every, 1)}
}

// due returns the next time if that has come.
func (p *pace) due(now time.Time) (at time.Time, ok bool) {
	if p.every == 0 || now.Before(p.next) {
		return at, false
	}
	at = p.next
	p.next = at.Add(p.every)
	return at, true
}

// chat is what happens until the time is over.
func (l *Load) chat(ctx context.Context) {
	o, start := l.options, time.Now()
	slow := pick(l.members, func(m *member) bool { return m.slow })
	cut := pick(l.members, func(m *member) bool { return m.cut })
	say, sweep := newPace(start, o.Rate), newPace(start, 1/sweepEvery.Seconds())
	tell := newPace(start, 1/tellEvery.Seconds())
	hold := newPace(start, float64(len(slow))/o.SlowEvery.Seconds())
	drop := newPace(start, float64(len(cut))/o.ReconnectEvery.Seconds())
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for nth := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		if now.Sub(start) > o.Duration {
			return
		}
		for at, ok := say.due(now); ok; at, ok = say.due(now) {
			l.speak(at)
		}
		for _, ok := hold.due(now); ok; _, ok = hold.due(now) {
			l.holdBack(slow[nth%len(slow)])
			nth++
		}
		for _, ok := drop.due(now); ok; _, ok = drop.due(now) {
			cut[nth%len(cut)].drop(rand.N(o.Away + 1))
			nth++
		}
		if _, ok := sweep.due(now); ok {
			for _, in := range l.rooms {
				in.sweep(now)
			}
		}
		if _, ok := tell.due(now); ok {
			for _, m := range cut {
				m.session.Acknowledge()
			}
		}
	}
}

// tries is how many members are asked to say something before it is given up:
// nearly all are away then.
const tries = 8

// speak has somebody say or type something.
func (l *Load) speak(intended time.Time) {
	o := l.options
	t, size, count := protocol.TypeChatMessage, o.Size, l.record.messages
	if rand.Float64() < o.Typing {
		t, size, count = protocol.TypeTyping, min(o.Size, mostNote), l.record.typings
	}
	for range tries {
		if l.talkers[rand.IntN(len(l.talkers))].say(t, size, intended) {
			count.Add(1)
			return
		}
	}
	l.record.send.Fail("nobody is there", nil)
}

// holdBack has a member not read for a while.
func (l *Load) holdBack(m *member) {
	m.session.Hold()
	time.AfterFunc(l.options.SlowFor, m.session.Go)
}

func pick(all []*member, is func(*member) bool) (some []*member) {
	for _, m := range all {
		if is(m) {
			some = append(some, m)
		}
	}
	return some
}
