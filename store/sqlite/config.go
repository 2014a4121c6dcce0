package sqlite

import (
	"fmt"
	"log/slog"
	"time"
)

// MemoryPath as Config.Path keeps the data in memory, apart from every other
// store's and gone with Close.
const MemoryPath = ":memory:"

// Defaults of a Config.
const (
	// DefaultMaxBatch bounds how long the first write of a batch waits for the
	// last, and what a commit puts on the sockets at once: 512 messages take some
	// 5 ms to store, and in rooms of 10 twice as long to deliver. A batch is that
	// large only when very many wait. Larger ones gain little more.
	DefaultMaxBatch = 512
	// DefaultReadConns is enough to keep a few cores reading; each connection
	// has a page cache of 2 MiB.
	DefaultReadConns = 4
	// DefaultBusyTimeout is how long to wait for another process (a backup,
	// the sqlite3 shell) that holds the file.
	DefaultBusyTimeout = 5 * time.Second
)

// Meter observes the writer. It is called on the writer's goroutine and must
// not block.
type Meter interface {
	// Committed is told of each committed batch: how many writes it held, and
	// how long it took from its first statement until it was durable.
	Committed(batch int, took time.Duration)
}

// Config is how to open a Store. Only Path must be set.
type Config struct {
	Path        string        // of the file, created with its folder; or MemoryPath
	MaxBatch    int           // most writes in one transaction; 0: DefaultMaxBatch
	ReadConns   int           // most concurrent reads; 0: DefaultReadConns
	BusyTimeout time.Duration // 0: DefaultBusyTimeout
	Meter       Meter         // nil: none
	Logger      *slog.Logger  // nil: none
}

// Validate reports the first field that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.Path == "":
		return fmt.Errorf("sqlite: Path is empty; want a file name or %q", MemoryPath)
	case c.MaxBatch < 0:
		return fmt.Errorf("sqlite: MaxBatch is %d; want 1 or more, or 0 for %d", c.MaxBatch, DefaultMaxBatch)
	case c.ReadConns < 0:
		return fmt.Errorf("sqlite: ReadConns is %d; want 1 or more, or 0 for %d", c.ReadConns, DefaultReadConns)
	case c.BusyTimeout < 0:
		return fmt.Errorf("sqlite: BusyTimeout is %v; want 0 or more", c.BusyTimeout)
	default:
		return nil
	}
}

func (c Config) withDefaults() Config {
	if c.MaxBatch == 0 {
		c.MaxBatch = DefaultMaxBatch
	}
	if c.ReadConns == 0 {
		c.ReadConns = DefaultReadConns
	}
	if c.BusyTimeout == 0 {
		c.BusyTimeout = DefaultBusyTimeout
	}
	if c.Meter == nil {
		c.Meter = noMeter{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

type noMeter struct{}

func (noMeter) Committed(int, time.Duration) {}
