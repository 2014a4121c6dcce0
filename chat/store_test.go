package chat_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/store"
)

// fakeStore keeps the messages of room 1, which users 1 to 99 are in and user 1
// owns. What it is told to fail, fails; what it is told to hold, waits.
type fakeStore struct {
	mu       sync.Mutex
	messages []store.Message        // guarded by mu
	markers  map[int64]int64        // guarded by mu: seq by user
	failing  map[string]error       // guarded by mu: by method
	holding  bool                   // guarded by mu: callbacks wait in held
	held     []func()               // guarded by mu
	looks    map[string]func(n int) // guarded by mu: called after a method has looked, the n-th time
	calls    map[string]int         // guarded by mu
	began    time.Time              // static
	changes  int64                  // guarded by mu: edits and deletions
	deleted  bool                   // guarded by mu: the room is
}

func newFakeStore(n int) *fakeStore {
	f := &fakeStore{
		began: time.Now().Truncate(time.Millisecond), markers: map[int64]int64{}, failing: map[string]error{},
		looks: map[string]func(int){}, calls: map[string]int{},
	}
	for range n {
		f.append(store.NewMessage{RoomID: 1, AuthorID: 1, Content: "old"})
	}
	return f
}

func (f *fakeStore) append(in store.NewMessage) store.Message {
	seq := int64(len(f.messages) + 1)
	m := store.Message{
		ID: 1000 + seq, Seq: seq, RoomID: 1, Author: store.Author{ID: in.AuthorID},
		Content: in.Content, ClientMsgID: in.ClientMsgID, CreatedAt: time.UnixMilli(seq),
	}
	f.messages = append(f.messages, m)
	return m
}

// now is when a change is made: of two that follow each other, often in the same
// millisecond.
func (f *fakeStore) now() time.Time {
	f.changes++
	return f.began.Add(time.Duration(f.changes/2) * time.Millisecond)
}

func changedAt(m store.Message) time.Time {
	if m.DeletedAt.IsZero() {
		return m.EditedAt
	}
	return m.DeletedAt
}

// fail makes a method fail from now on; nil mends it.
func (f *fakeStore) fail(method string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failing[method] = err
}

// look calls fn after each read by a method, before it returns what it found;
// for "before " and the method, before it reads.
func (f *fakeStore) look(method string, fn func(n int)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks[method] = fn
}

// hold keeps callbacks back; release calls those of the first n writes, and
// with -1 of all, and then no longer holds.
func (f *fakeStore) hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holding = true
}

func (f *fakeStore) release(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n < 0 {
		f.holding, n = false, len(f.held)
	}
	for _, done := range f.held[:n] {
		done()
	}
	f.held = f.held[n:]
}

func (f *fakeStore) waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.held)
}

// write runs fn as one commit, and done in commit order.
func (f *fakeStore) write(method string, fn func() error, done func(error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.failing[method]
	if err == nil {
		err = fn()
	}
	if f.holding {
		f.held = append(f.held, func() { done(err) })
		return
	}
	done(err)
}

func read[T any](f *fakeStore, method string, fn func() (T, error)) (T, error) {
	f.mu.Lock()
	f.calls[method]++
	n, look, before := f.calls[method], f.looks[method], f.looks["before "+method]
	f.mu.Unlock()
	if before != nil {
		before(n)
	}
	f.mu.Lock()
	v, err := fn()
	if failing := f.failing[method]; failing != nil {
		err = failing
	}
	f.mu.Unlock()
	if look != nil {
		look(n)
	}
	return v, err
}

func (f *fakeStore) index(roomID, id int64) int {
	return slices.IndexFunc(f.messages, func(m store.Message) bool { return m.ID == id && roomID == 1 })
}

func (f *fakeStore) PostMessage(in store.NewMessage, done func(store.Message, bool, error)) {
	var m store.Message
	created := false
	f.write("PostMessage", func() error {
		for _, old := range f.messages {
			if in.ClientMsgID != "" && old.ClientMsgID == in.ClientMsgID && old.Author.ID == in.AuthorID {
				m = old
				return nil
			}
		}
		m, created = f.append(in), true
		return nil
	}, func(err error) { done(m, created, err) })
}

func (f *fakeStore) PostEdit(roomID, _, id int64, content string, done func(store.Message, error)) {
	var m store.Message
	f.write("PostEdit", func() error {
		i := f.index(roomID, id)
		if i < 0 {
			return store.ErrNotFound
		}
		if !f.messages[i].DeletedAt.IsZero() {
			return store.ErrDeleted
		}
		f.messages[i].Content, f.messages[i].EditedAt = content, f.now()
		m = f.messages[i]
		return nil
	}, func(err error) { done(m, err) })
}

func (f *fakeStore) PostDelete(roomID, _, id int64, done func(store.Message, bool, error)) {
	var m store.Message
	deleted := false
	f.write("PostDelete", func() error {
		i := f.index(roomID, id)
		if i < 0 {
			return store.ErrNotFound
		}
		deleted = f.messages[i].DeletedAt.IsZero()
		if deleted {
			f.messages[i].Content, f.messages[i].DeletedAt = "", f.now()
		}
		m = f.messages[i]
		return nil
	}, func(err error) { done(m, deleted, err) })
}

func (f *fakeStore) PostRead(roomID, userID, id int64, done func(store.ReadMarker, bool, error)) {
	var r store.ReadMarker
	moved := false
	f.write("PostRead", func() error {
		seq := int64(len(f.messages))
		if id != 0 {
			i := f.index(roomID, id)
			if i < 0 {
				return store.ErrNotFound
			}
			seq = f.messages[i].Seq
		}
		moved = seq > f.markers[userID]
		f.markers[userID] = max(seq, f.markers[userID])
		r = store.ReadMarker{MessageID: 1000 + f.markers[userID], Seq: f.markers[userID]}
		return nil
	}, func(err error) { done(r, moved, err) })
}

func (f *fakeStore) RoomByID(_ context.Context, id int64) (store.Room, error) {
	return read(f, "RoomByID", func() (store.Room, error) {
		if id != 1 {
			return store.Room{}, store.ErrNotFound
		}
		return store.Room{ID: 1, Owner: store.Author{ID: 1}, LastSeq: int64(len(f.messages))}, nil
	})
}

func (f *fakeStore) RoomHeads(_ context.Context, ids []int64) ([]store.RoomHead, error) {
	return read(f, "RoomHeads", func() ([]store.RoomHead, error) {
		if !slices.Contains(ids, 1) || f.deleted {
			return nil, nil
		}
		head := store.RoomHead{RoomID: 1, LastSeq: int64(len(f.messages))}
		for _, m := range f.messages {
			if at := changedAt(m); at.After(head.ChangedAt) {
				head.ChangedAt = at
			}
		}
		return []store.RoomHead{head}, nil
	})
}

func (f *fakeStore) IsParticipant(_ context.Context, roomID, userID int64) (bool, error) {
	return read(f, "IsParticipant", func() (bool, error) { return roomID == 1 && userID < 100, nil })
}

func (f *fakeStore) MessageByID(_ context.Context, roomID, id int64) (store.Message, error) {
	return read(f, "MessageByID", func() (store.Message, error) {
		if i := f.index(roomID, id); i >= 0 {
			return f.messages[i], nil
		}
		return store.Message{}, store.ErrNotFound
	})
}

func (f *fakeStore) MessagesAfter(_ context.Context, _, after int64, limit int) ([]store.Message, error) {
	return read(f, "MessagesAfter", func() ([]store.Message, error) {
		rest := f.messages[min(int(after), len(f.messages)):]
		return slices.Clone(rest[:min(limit, len(rest))]), nil
	})
}

func (f *fakeStore) MessagesBefore(_ context.Context, _, before int64, limit int) ([]store.Message, error) {
	return read(f, "MessagesBefore", func() ([]store.Message, error) {
		rest := slices.Clone(f.messages[:min(int(before)-1, len(f.messages))])
		slices.Reverse(rest)
		return rest[:min(limit, len(rest))], nil
	})
}

func (f *fakeStore) MessagesPage(_ context.Context, _ int64, p store.Page) ([]store.Message, int, error) {
	ms, err := f.MessagesBefore(context.Background(), 1, 1<<40, p.Limit)
	return ms, len(f.messages), err
}

func (f *fakeStore) MessagesChangedSince(_ context.Context, _ int64, since time.Time, p store.Page) ([]store.Message, int, error) {
	var all []store.Message
	page, err := read(f, "MessagesChangedSince", func() ([]store.Message, error) {
		for _, m := range f.messages {
			if at := changedAt(m); !at.IsZero() && !at.Before(since) {
				all = append(all, m)
			}
		}
		slices.SortStableFunc(all, func(a, b store.Message) int { return changedAt(a).Compare(changedAt(b)) })
		return all[min(p.Offset, len(all)):min(p.Offset+p.Limit, len(all))], nil
	})
	return page, len(all), err
}

// count is how many messages there are.
func (f *fakeStore) count() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.messages))
}
