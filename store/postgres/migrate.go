package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"parley/store"
	"parley/store/internal/schema"
)

// migrations is a variable only because go:embed asks for one.
//
//go:embed migrations/*.sql
var migrations embed.FS

// oldestServer is the version that the statements are written for, as
// server_version_num counts.
const oldestServer = 130000

// migrationLock is the key of the advisory lock that one who migrates holds:
// "parley" in ASCII.
const migrationLock = 0x7061726c6579

// Migrate brings a database to this version's schema and returns the names of the
// migrations that it applied, in order: none if the schema is current. Each
// migration is a transaction of its own. Of several at once, one does the work and
// the others wait for it. store.ErrSchemaTooNew, store.ErrForeign.
func Migrate(ctx context.Context, dsn string) (applied []string, err error) {
	if err := (Config{DSN: dsn}).Validate(); err != nil {
		return nil, err
	}
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres: DSN: %w", err)
	}
	prepare(c)
	db := stdlib.OpenDB(*c)
	defer func() { err = errors.Join(err, db.Close()) }()
	applied, err = migrateAlone(ctx, db)
	if err != nil {
		return applied, fmt.Errorf("postgres: database %s on %s: %w", c.Database, c.Host, oneLine{err})
	}
	return applied, nil
}

// migrateAlone holds the lock, which belongs to a connection.
func migrateAlone(ctx context.Context, db *sql.DB) (applied []string, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := fit(ctx, conn); err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return nil, fmt.Errorf("wait for the lock of migrations: %w", err)
	}
	defer func() {
		_, failure := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
		err = errors.Join(err, failure)
	}()
	if err := inspect(ctx, conn); err != nil {
		return nil, err
	}
	return schema.Up(ctx, goose.DialectPostgres, db, migrations)
}

// fit refuses servers and databases that cannot hold Parley's data.
func fit(ctx context.Context, conn *sql.Conn) error {
	var version int
	var name, encoding string
	err := conn.QueryRowContext(ctx, `
		SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')`).
		Scan(&version, &name, &encoding)
	switch {
	case err != nil:
		return err
	case version < oldestServer:
		return fmt.Errorf("PostgreSQL is version %s; want %d or newer", name, oldestServer/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database's encoding is %s; want UTF8", encoding)
	}
	return nil
}

// inspect tells Parley's schema from another program's. Tables that belong to an
// extension are nobody's.
func inspect(ctx context.Context, conn *sql.Conn) error {
	var tables, ours int
	err := conn.QueryRowContext(ctx, `
		SELECT count(*), count(*) FILTER (WHERE c.relname = $1)
		FROM pg_class c
		WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND NOT EXISTS (
			SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`,
		schema.VersionTable).Scan(&tables, &ours)
	if err == nil && tables > 0 && ours == 0 {
		err = store.ErrForeign
	}
	return err
}
