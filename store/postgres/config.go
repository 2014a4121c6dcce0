package postgres

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Defaults of a Config.
const (
	// DefaultConnections leaves three nodes room beside others under
	// PostgreSQL's own limit of 100.
	DefaultConnections = 20
	// DefaultMaxBatch bounds how long the first write of a group waits for the
	// last, as in package sqlite.
	DefaultMaxBatch = 512
	// DefaultTimeout is far longer than any statement takes on a server that is
	// well, and short enough that who waits for one that is not is told.
	DefaultTimeout = 10 * time.Second
)

// maxWriters is how many writers share the rooms. Each keeps one group on its
// way: while that is flushed to disk, the others' statements run, and what is
// flushed together costs one flush. More make groups smaller and gain nothing.
const maxWriters = 4

// Meter observes the writers. It is called on their goroutines, several at a
// time, and must not block.
type Meter interface {
	// Committed is told of each committed group: how many writes it held, and how
	// long it took from its first statement until it was durable.
	Committed(batch int, took time.Duration)
}

// Config is how to open a Store. Only DSN must be set.
type Config struct {
	DSN string // postgres://USER:PASSWORD@HOST/DATABASE, or libpq's keywords and values

	Connections int           // most connections, writers' included, 2 or more; 0: DefaultConnections
	MaxBatch    int           // most writes in one transaction; 0: DefaultMaxBatch
	Timeout     time.Duration // how long the server may take to answer; 0: DefaultTimeout
	Meter       Meter         // nil: none
	Logger      *slog.Logger  // nil: none
}

// Validate reports the first field that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.DSN == "":
		return errors.New("postgres: DSN is empty; want postgres://USER:PASSWORD@HOST/DATABASE")
	case c.Connections < 0 || c.Connections == 1:
		return fmt.Errorf("postgres: Connections is %d; want 2 or more, or 0 for %d", c.Connections, DefaultConnections)
	case c.MaxBatch < 0:
		return fmt.Errorf("postgres: MaxBatch is %d; want 1 or more, or 0 for %d", c.MaxBatch, DefaultMaxBatch)
	case c.Timeout < 0:
		return fmt.Errorf("postgres: Timeout is %v; want 0 or more", c.Timeout)
	default:
		return nil
	}
}

func (c Config) withDefaults() Config {
	if c.Connections == 0 {
		c.Connections = DefaultConnections
	}
	if c.MaxBatch == 0 {
		c.MaxBatch = DefaultMaxBatch
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Meter == nil {
		c.Meter = noMeter{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// writers is how many of the connections write: a quarter at most, and not none.
func (c Config) writers() int { return min(max(c.Connections/4, 1), maxWriters) }

type noMeter struct{}

func (noMeter) Committed(int, time.Duration) {}
