package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Open connects to the database and brings its schema up to date. It blocks until
// the Store can be used. The Store must be closed.
func Open(ctx context.Context, c Config) (*Store, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	applied, err := Migrate(ctx, c.DSN)
	for _, name := range applied {
		c.Logger.InfoContext(ctx, "database migrated", "migration", name)
	}
	if err != nil {
		return nil, err
	}
	writers := c.writers()
	writing, err := connect(ctx, c, writers)
	if err != nil {
		return nil, err
	}
	conns, err := connect(ctx, c, c.Connections-writers)
	if err != nil {
		writing.Close()
		return nil, err
	}
	return start(c, writing, conns, writers), nil
}

func connect(ctx context.Context, c Config, conns int) (*pgxpool.Pool, error) {
	pc, err := poolConfig(c, conns)
	if err != nil {
		return nil, err
	}
	p, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	return p, nil
}

func start(c Config, writing, conns *pgxpool.Pool, writers int) *Store {
	s := &Store{
		writing:  writing,
		pool:     &pool{conns: conns, timeout: c.Timeout},
		patience: min(pingPatience, c.Timeout),
	}
	s.sweeper = newSweeper(s.pool, c.Logger)
	calling := &sync.Mutex{}
	for range writers {
		w := newWriter(c, writing, calling)
		s.writers = append(s.writers, w)
		s.running.Go(w.run)
	}
	return s
}
