package storetest

import (
	"errors"
	"time"

	"parley/store"
)

var errNotCalledBack = errors.New("storetest: done was not called")

// posted is what a Post… method called back with.
type posted[T any] struct {
	value T
	did   bool // created, deleted, moved
	err   error
}

// await starts a Post… method and waits for its answer. Any goroutine may
// call it.
func await[T any](start func(done func(T, bool, error))) (T, bool, error) {
	answers := make(chan posted[T], 1)
	start(func(value T, did bool, err error) { answers <- posted[T]{value, did, err} })
	select {
	case p := <-answers:
		return p.value, p.did, p.err
	case <-time.After(patience):
		var none T
		return none, false, errNotCalledBack
	}
}

func (f *fixture) post(m store.NewMessage) (store.Message, bool, error) {
	return await(func(done func(store.Message, bool, error)) { f.store.PostMessage(m, done) })
}

func (f *fixture) edit(roomID, userID, messageID int64, content string) (store.Message, error) {
	m, _, err := await(func(done func(store.Message, bool, error)) {
		f.store.PostEdit(roomID, userID, messageID, content, func(m store.Message, err error) { done(m, true, err) })
	})
	return m, err
}

func (f *fixture) empty(roomID, userID, messageID int64) (store.Message, bool, error) {
	return await(func(done func(store.Message, bool, error)) { f.store.PostDelete(roomID, userID, messageID, done) })
}

func (f *fixture) read(roomID, userID, messageID int64) (store.ReadMarker, bool, error) {
	return await(func(done func(store.ReadMarker, bool, error)) { f.store.PostRead(roomID, userID, messageID, done) })
}
