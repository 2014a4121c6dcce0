package postgres

import "github.com/jackc/pgx/v5/pgxpool"

// Pools are the store's connections, for tests that look at them.
func (s *Store) Pools() []*pgxpool.Pool { return []*pgxpool.Pool{s.writing, s.pool.conns} }
