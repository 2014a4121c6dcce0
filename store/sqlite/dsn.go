package sqlite

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"path/filepath"
	"time"
)

// location names one database for all its connections.
type location struct {
	uri  string // without a query
	vfs  string // empty: the system's files
	busy time.Duration
}

// locate finds the location of a file, or makes up that of a new database in
// memory: SQLite's memdb file system, not its shared cache, in which readers
// and the writer can deadlock.
func locate(path string, busy time.Duration) (location, error) {
	if path == MemoryPath {
		return location{uri: "file:/" + rand.Text(), vfs: "memdb", busy: busy}, nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return location{}, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}
	return location{uri: u.String(), busy: busy}, nil
}

// writeDSN is for the one connection that writes. Checkpoints are the writer's;
// SQLite's own are for when readers keep those from finishing. The cache holds
// the tops of all trees (16 MiB).
func (l location) writeDSN() string {
	return l.dsn(
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"foreign_keys(ON)",
		fmt.Sprintf("wal_autocheckpoint(%d)", 4*checkpointPages),
		"journal_size_limit(67108864)",
		"cache_size(-16384)",
		"temp_store(MEMORY)",
	)
}

// readDSN is for the connections of the reading pool.
func (l location) readDSN() string {
	return l.dsn("query_only(ON)", "temp_store(MEMORY)")
}

func (l location) dsn(pragmas ...string) string {
	q := url.Values{}
	if l.vfs != "" {
		q.Set("vfs", l.vfs)
	}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", l.busy.Milliseconds()))
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return l.uri + "?" + q.Encode()
}
