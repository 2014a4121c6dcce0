package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite"
)

// Open opens the database, creating it where there is none, and brings its
// schema up to date. It blocks until the Store can be used. The Store must be
// closed.
func Open(ctx context.Context, c Config) (*Store, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	if err := prepareFile(c.Path); err != nil {
		return nil, err
	}
	at, err := locate(c.Path, c.BusyTimeout)
	if err != nil {
		return nil, err
	}
	w, err := openWriter(ctx, c, at)
	if err != nil {
		return nil, explain(c.Path, err)
	}
	r, err := openReader(at, c.ReadConns)
	if err != nil {
		return nil, errors.Join(explain(c.Path, err), w.close(ctx))
	}
	if c.Path == MemoryPath {
		w.alone = &r.life // memory has no snapshots: readers and the writer take turns
	}
	s := &Store{writer: w, reader: r, stopped: make(chan struct{})}
	go func() {
		defer close(s.stopped)
		w.run()
	}()
	return s, nil
}

// openWriter migrates the schema on the writer's own connection: a database in
// memory lives only as long as a connection to it.
func openWriter(ctx context.Context, c Config, at location) (*writer, error) {
	db, err := connect(at.writeDSN(), 1)
	if err != nil {
		return nil, err
	}
	applied, err := migrate(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	for _, name := range applied {
		c.Logger.InfoContext(ctx, "database migrated", "path", c.Path, "migration", name)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return newWriter(c, db, conn), nil
}

func connect(dsn string, conns int) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}
