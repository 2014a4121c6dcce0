package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/pressly/goose/v3"

	"parley/store"
	"parley/store/internal/schema"
)

// migrations is a variable only because go:embed asks for one.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database at path to this version's schema, creating it
// with its folder where there is none, and returns the names of the migrations
// that it applied, in order: none if the schema is current. Each migration is
// a transaction of its own. store.ErrSchemaTooNew, store.ErrForeign.
func Migrate(ctx context.Context, path string) (applied []string, err error) {
	c := Config{Path: path}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	at, err := locate(path, DefaultBusyTimeout)
	if err != nil {
		return nil, err
	}
	db, err := connect(at.writeDSN(), 1)
	if err != nil {
		return nil, explain(path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	applied, err = migrate(ctx, db)
	if err != nil {
		return applied, explain(path, err)
	}
	return applied, nil
}

// migrate works on a pool of one connection.
func migrate(ctx context.Context, db *sql.DB) ([]string, error) {
	if err := inspect(ctx, db); err != nil {
		return nil, err
	}
	return schema.Up(ctx, goose.DialectSQLite3, db, migrations)
}

// inspect reads what tells a database of Parley's from another or a damaged
// one, which goose would report as a defect of its own.
func inspect(ctx context.Context, db *sql.DB) error {
	var tables, ours int
	err := db.QueryRowContext(ctx,
		`SELECT count(*), coalesce(sum(name = ?), 0) FROM sqlite_schema WHERE type = 'table'`,
		schema.VersionTable).Scan(&tables, &ours)
	switch {
	case err != nil:
		return err
	case tables == 0:
		return nil
	case ours == 0:
		return store.ErrForeign
	}
	return db.QueryRowContext(ctx, `SELECT count(*) FROM `+schema.VersionTable).Scan(&tables)
}
