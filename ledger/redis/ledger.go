package redis

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed" // for the script's text
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	driver "github.com/redis/go-redis/v9"

	"parley/ledger"
)

// swapLua is a variable only because go:embed asks for one.
//
//go:embed swap.lua
var swapLua string

// removalKept is for how long the version of a document that was removed is
// remembered: it bounds by how much the clock of another Redis, which takes over, may be behind.
const removalKept = time.Minute

var errAnswer = errors.New("ledger/redis: an answer that is not a document")

// Ledger is a node's access to the documents that a Redis holds.
type Ledger struct {
	// static
	client  driver.UniversalClient
	swap    *driver.Script
	process string // names this node's calls, with calls

	calls  atomic.Uint64
	closed atomic.Bool
}

// New gives a node access. It does not wait for Redis. The client stays the
// caller's, and must outlive the ledger.
func New(client driver.UniversalClient) *Ledger {
	return &Ledger{client: client, swap: driver.NewScript(swapLua), process: rand.Text()}
}

// Load implements ledger.Ledger.
func (l *Ledger) Load(ctx context.Context, key string) (ledger.Document, error) {
	if err := l.open(ctx); err != nil {
		return ledger.Document{}, err
	}
	return loaded(ctx, load(ctx, l.client, key))
}

// LoadAll implements ledger.Ledger.
func (l *Ledger) LoadAll(ctx context.Context, keys []string) ([]ledger.Document, error) {
	if err := l.open(ctx); err != nil || len(keys) == 0 {
		return nil, err
	}
	pipe := l.client.Pipeline()
	answers := make([]*driver.SliceCmd, len(keys))
	for i, key := range keys {
		answers[i] = load(ctx, pipe, key)
	}
	_, _ = pipe.Exec(ctx) // each answer has its own error
	documents := make([]ledger.Document, len(keys))
	for i, answer := range answers {
		var err error
		if documents[i], err = loaded(ctx, answer); err != nil {
			return nil, err
		}
	}
	return documents, nil
}

// Swap implements ledger.Ledger.
func (l *Ledger) Swap(
	ctx context.Context, key string, was int64, value []byte, ttl time.Duration,
) (now ledger.Document, stored bool, err error) {
	if err := l.open(ctx); err != nil {
		return ledger.Document{}, false, err
	}
	call := l.process + strconv.FormatUint(l.calls.Add(1), 36)
	answer, err := l.swap.Run(ctx, l.client, []string{name(key)},
		was, value, max(ttl, time.Millisecond).Milliseconds(), call, removalKept.Milliseconds()).Slice()
	if err != nil {
		return ledger.Document{}, false, failure(ctx, err)
	}
	if len(answer) != 3 {
		return ledger.Document{}, false, errAnswer
	}
	now, err = document(answer[1], answer[2])
	if stored = answer[0] == int64(1); stored && now.Version != 0 {
		now.Value = bytes.Clone(value) // Redis does not send it back
	}
	return now, stored, err
}

// Ping implements ledger.Ledger. Of a cluster any one server answers.
func (l *Ledger) Ping(ctx context.Context) error {
	if err := l.open(ctx); err != nil {
		return err
	}
	return failure(ctx, l.client.Ping(ctx).Err())
}

// Close implements ledger.Ledger.
func (l *Ledger) Close() error {
	l.closed.Store(true)
	return nil
}

// open reports what forbids a call.
func (l *Ledger) open(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if l.closed.Load() {
		return ledger.ErrClosed
	}
	return nil
}

// failure says of a call's error if it is the context's: that it has ended tells
// more than that a read has.
func failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	ended := ctx.Err()
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		ended = context.DeadlineExceeded // the context's own timer may be a moment late
	}
	if ended != nil {
		return fmt.Errorf("ledger/redis: %w: %w", ended, err)
	}
	return fmt.Errorf("ledger/redis: %w", err)
}

// name is a document's key in Redis.
func name(key string) string { return "parley:ledger:" + key }

func load(ctx context.Context, client driver.Cmdable, key string) *driver.SliceCmd {
	return client.HMGet(ctx, name(key), "version", "value")
}

func loaded(ctx context.Context, answer *driver.SliceCmd) (ledger.Document, error) {
	fields, err := answer.Result()
	if err != nil {
		return ledger.Document{}, failure(ctx, err)
	}
	if len(fields) != 2 {
		return ledger.Document{}, errAnswer
	}
	if fields[1] == nil { // never stored, or removed
		return ledger.Document{}, nil
	}
	return document(fields[0], fields[1])
}

func document(version, value any) (ledger.Document, error) {
	text, _ := version.(string)
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return ledger.Document{}, errAnswer
	}
	if number == 0 {
		return ledger.Document{}, nil
	}
	content, ok := value.(string)
	if !ok {
		return ledger.Document{}, errAnswer
	}
	return ledger.Document{Version: number, Value: []byte(content)}, nil
}
