package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// prepareFile makes the folder of a database and checks what SQLite would
// report less clearly. A new file is the owner's alone: it holds password
// hashes and private messages.
//
// A file that exists is not opened here: closing it again would drop the locks
// that this process holds on it.
func prepareFile(path string) error {
	if path == MemoryPath {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("sqlite: cannot make the folder of the database: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".parley-probe-*")
	if err != nil {
		return fmt.Errorf("sqlite: the folder of the database is not writable: %w", err)
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return fmt.Errorf("sqlite: the folder of the database is not writable: %w", err)
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("sqlite: %s is a folder; want a file", path)
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("sqlite: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("sqlite: cannot create the database: %w", err)
	}
	return f.Close()
}

// explain names the file, and says in plain words what the operator can do
// something about.
func explain(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("sqlite: %s: %w", path, err)
	}
	why := "cannot be used"
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		why = "is not a SQLite database"
	case sqlite3.SQLITE_CORRUPT:
		why = "is a damaged SQLite database"
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY:
		why = "cannot be opened for writing"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		why = "is in use by another process"
	case sqlite3.SQLITE_FULL:
		why = "cannot grow: the disk is full"
	}
	return fmt.Errorf("sqlite: %s %s: %w", path, why, err)
}
