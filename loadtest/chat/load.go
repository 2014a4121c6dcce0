package chat

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/chat/judge"
	"parley/loadtest/client"
	"parley/loadtest/crowd"
	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/target"
)

// Load is a chat to be run once.
type Load struct {
	// static
	options Options

	// static while it runs
	record  *record
	crowd   *crowd.Crowd
	door    *crowd.Door
	rooms   []*room
	members []*member // of all rooms, in no order
	talkers []*member // of them, those who say something

	entered atomic.Int64 // members who have been told of their first attempt
}

// New checks the options.
func New(o Options) (*Load, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	return &Load{options: o}, nil
}

// Run makes rooms, has everybody come, and chats until the time is over or ctx ends;
// then it waits for what is under way and tells what never came.
func (l *Load) Run(ctx context.Context, t *target.Target, r *measure.Recorder) error {
	users, err := t.Users(ctx, l.options.Users, r)
	if err != nil {
		return err
	}
	r.Stage(target.StageRoom) // in reports before what comes of rooms
	l.record = newRecord(r)
	l.door = crowd.NewDoor(l.options.AtOnce, l.options.OpenRate)
	if l.crowd, err = crowd.New(ctx, crowd.Config{URLs: t.URLs(), Sources: l.options.Sources, Plain: l.options.Plain}); err != nil {
		return err
	}
	defer l.record.Close()
	defer l.crowd.Close()
	if err := l.settle(ctx, t, users, r); err != nil {
		return err
	}
	l.enter(ctx)
	l.chat(ctx) // over at once where ctx has ended: what was done is reported
	l.drain(context.WithoutCancel(ctx))
	l.crowd.Leave()
	return nil
}

// roomsAtATime is how many rooms are made at a time.
const roomsAtATime = 8

// settle makes the rooms and their members.
func (l *Load) settle(ctx context.Context, t *target.Target, users []*client.User, r *measure.Recorder) error {
	list := sizes(l.options.Sockets, l.options.Rooms, l.options.Zipf)
	l.rooms = make([]*room, len(list))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(roomsAtATime)
	for i, size := range list {
		first := rand.IntN(len(users))
		group.Go(func() error {
			there := make([]*client.User, min(size, len(users)))
			for k := range there {
				there[k] = users[(first+k)%len(users)]
			}
			made, err := t.Room(ctx, there, r)
			if err != nil {
				return err
			}
			l.rooms[i] = l.people(t, made.ID, there, size)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, in := range l.rooms {
		l.members = append(l.members, in.members...)
	}
	rand.Shuffle(len(l.members), func(i, k int) { l.members[i], l.members[k] = l.members[k], l.members[i] })
	// Who reads late has late answers: that is no figure of the server's.
	if l.talkers = pick(l.members, func(m *member) bool { return !m.slow }); len(l.talkers) == 0 {
		l.talkers = l.members
	}
	return nil
}

// people makes a room of so many sockets.
func (l *Load) people(t *target.Target, id int64, users []*client.User, size int) *room {
	o := l.options
	in := &room{id: id, judge: judge.NewRoom(id, judge.Bounds{Late: o.Late, Lost: o.Lost}, witness{l.record.run})}
	for k := range size {
		u := users[k%len(users)]
		m := &member{room: in, record: l.record, through: func() { l.entered.Add(1); l.door.Through() }}
		m.seq.Store(-1)
		m.slow, m.cut = rand.Float64() < o.Slow, rand.Float64() < o.Reconnect
		m.judged = in.judge.Member(u.Account.ID, m.slow)
		m.session = l.crowd.NewSession(crowd.Pass{
			Dial:  crowd.Dial{Base: t.Server().Base, Path: fmt.Sprintf("/ws/room/%d/", id), Token: u.Token},
			Ack:   m.cut,
			Since: m.seq.Load,
		}, m)
		in.members = append(in.members, m)
	}
	return in
}

// enter opens all sockets, and returns when each has been tried or ctx has ended.
func (l *Load) enter(ctx context.Context) {
	for _, m := range l.members {
		asked, err := l.door.Enter(ctx)
		if err != nil {
			return
		}
		m.session.Open(asked)
	}
	_ = pause.Poll(ctx, func() bool { return l.entered.Load() == int64(len(l.members)) })
}

// drain waits until all has come that is to come, or is late enough to be lost.
func (l *Load) drain(ctx context.Context) {
	for _, m := range l.members {
		m.session.Go()
	}
	ctx, cancel := context.WithTimeout(ctx, l.options.Lost)
	defer cancel()
	_ = pause.Poll(ctx, func() bool { // what has not come is told next
		for _, in := range l.rooms {
			if !in.settled() {
				return false
			}
		}
		return true
	})
	for _, in := range l.rooms {
		in.finish(time.Now())
	}
}
