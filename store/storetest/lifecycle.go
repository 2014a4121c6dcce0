package storetest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func lifecycleTests() []subtest {
	return []subtest{
		{"ping", lifecyclePing},
		{"a done context", lifecycleContext},
		{"close calls back what is queued", closeDrains},
		{"everything is refused after close", closeRefuses},
		{"close while others write", closeRace},
	}
}

func closeDrains(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	const n = 2000
	var called, failed atomic.Int32
	for range n {
		f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "x"},
			func(_ store.Message, created bool, err error) {
				called.Add(1)
				if err != nil || !created {
					failed.Add(1)
				}
			})
	}
	require.NoError(f, f.store.Close())
	require.EqualValues(f, n, called.Load(), "Close returned before all was called back")
	require.Zero(f, failed.Load())
}

func closeRefuses(f *fixture) {
	s, ctx, now := f.store, f.ctx, time.Now()
	require.NoError(f, s.Close())
	page := store.Page{Limit: 1}
	for name, call := range map[string]func() error{
		"Ping":                 func() error { return s.Ping(ctx) },
		"Close":                func() error { return s.Close() },
		"CreateUser":           func() error { _, err := s.CreateUser(ctx, newUser("ann")); return err },
		"UserByID":             func() error { _, err := s.UserByID(ctx, 1); return err },
		"UserByName":           func() error { _, err := s.UserByName(ctx, "ann"); return err },
		"UserByEmail":          func() error { _, err := s.UserByEmail(ctx, "ann"); return err },
		"UpdateUser":           func() error { _, err := s.UpdateUser(ctx, 1, store.UserChange{}); return err },
		"CreateToken":          func() error { _, err := s.CreateToken(ctx, 1, hash("t")); return err },
		"TokenByHash":          func() error { _, err := s.TokenByHash(ctx, hash("t")); return err },
		"DeleteToken":          func() error { return s.DeleteToken(ctx, 1) },
		"CreateTicket":         func() error { return s.CreateTicket(ctx, 1, hash("t"), now) },
		"SpendTicket":          func() error { _, err := s.SpendTicket(ctx, hash("t"), now); return err },
		"CreateRoom":           func() error { _, err := s.CreateRoom(ctx, store.NewRoom{}); return err },
		"RoomByID":             func() error { _, err := s.RoomByID(ctx, 1); return err },
		"RoomFor":              func() error { _, err := s.RoomFor(ctx, 1, 1); return err },
		"RoomsOf":              func() error { _, _, err := s.RoomsOf(ctx, 1, page); return err },
		"UpdateRoom":           func() error { _, err := s.UpdateRoom(ctx, 1, store.RoomChange{}); return err },
		"DeleteRoom":           func() error { return s.DeleteRoom(ctx, 1) },
		"AddParticipant":       func() error { _, err := s.AddParticipant(ctx, 1, 1); return err },
		"RemoveParticipant":    func() error { _, err := s.RemoveParticipant(ctx, 1, 1); return err },
		"IsParticipant":        func() error { _, err := s.IsParticipant(ctx, 1, 1); return err },
		"ParticipantsOf":       func() error { _, _, err := s.ParticipantsOf(ctx, 1, page); return err },
		"PostMessage":          func() error { _, _, err := f.post(store.NewMessage{}); return err },
		"PostEdit":             func() error { _, err := f.edit(1, 1, 1, "x"); return err },
		"PostDelete":           func() error { _, _, err := f.empty(1, 1, 1); return err },
		"PostRead":             func() error { _, _, err := f.read(1, 1, 1); return err },
		"MessageByID":          func() error { _, err := s.MessageByID(ctx, 1, 1); return err },
		"MessagesPage":         func() error { _, _, err := s.MessagesPage(ctx, 1, page); return err },
		"MessagesAfter":        func() error { _, err := s.MessagesAfter(ctx, 1, 0, 1); return err },
		"MessagesBefore":       func() error { _, err := s.MessagesBefore(ctx, 1, 9, 1); return err },
		"RoomHeads":            func() error { _, err := s.RoomHeads(ctx, []int64{1}); return err },
		"LiveTokens":           func() error { _, err := s.LiveTokens(ctx, []int64{1}); return err },
		"Belonging":            func() error { _, err := s.Belonging(ctx, []store.Place{{RoomID: 1, UserID: 1}}); return err },
		"MessagesChangedSince": func() error { _, _, err := s.MessagesChangedSince(ctx, 1, now, page); return err },
	} {
		require.ErrorIs(f, call(), store.ErrClosed, name)
	}
}

// closeRace checks that of many messages each is called back exactly once,
// stored or refused, whatever the moment of Close.
func closeRace(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	const writers, each = 8, 200
	var called [writers * each]atomic.Int32
	var answered, wg sync.WaitGroup
	wrong := make(chan error, len(called))
	answered.Add(len(called))
	begun := make(chan struct{}, writers)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if i == each/4 {
					begun <- struct{}{}
				}
				slot := &called[w*each+i]
				f.store.PostMessage(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: "x"},
					func(_ store.Message, created bool, err error) {
						if slot.Add(1) == 1 {
							answered.Done()
						}
						if created != (err == nil) {
							wrong <- err
						}
					})
			}
		})
	}
	<-begun
	wg.Go(func() {
		if err := f.store.Close(); err != nil {
			wrong <- err
		}
	})
	wg.Wait()
	answered.Wait()
	for i := range called {
		require.EqualValues(f, 1, called[i].Load(), "message %d", i)
	}
	require.Empty(f, wrong)
}

func lifecycleContext(f *fixture) {
	ann := f.user("ann")
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	_, err := f.store.UserByID(ctx, ann.ID)
	require.ErrorIs(f, err, context.Canceled)
	_, err = f.store.CreateUser(ctx, newUser("ben"))
	require.ErrorIs(f, err, context.Canceled)
	require.ErrorIs(f, f.store.Ping(ctx), context.Canceled)
	_, err = f.store.UserByID(f.ctx, ann.ID)
	require.NoError(f, err, "a done context broke the store")
}

func lifecyclePing(f *fixture) {
	require.NoError(f, f.store.Ping(f.ctx))
}
