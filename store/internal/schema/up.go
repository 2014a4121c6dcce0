package schema

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"parley/store"
)

// VersionTable is where the versions are kept that were applied.
const VersionTable = goose.DefaultTablename

// Up applies those of the files in folder migrations of files that the database
// lacks, each in a transaction of its own, and returns their names in order:
// store.ErrSchemaTooNew.
func Up(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS) ([]string, error) {
	folder, err := fs.Sub(files, "migrations")
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(dialect, db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, err
	}
	has, knows, err := provider.GetVersions(ctx)
	if err != nil {
		return nil, err
	}
	if has > knows {
		return nil, fmt.Errorf("%w: version %d, known are those up to %d", store.ErrSchemaTooNew, has, knows)
	}
	results, err := provider.Up(ctx)
	applied := make([]string, 0, len(results))
	for _, r := range results {
		applied = append(applied, filepath.Base(r.Source.Path))
	}
	return applied, err
}
