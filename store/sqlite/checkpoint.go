package sqlite

import (
	"context"
	"fmt"

	"modernc.org/sqlite"
)

// checkpointPages is after how many pages (16 MiB) in the WAL they are copied
// into the file. SQLite's own 1000 rewrites more pages twice.
const checkpointPages = 4096

// checkpoint copies the WAL into the file when it has grown enough. SQLite would
// do so within COMMIT: here those whose writes are durable have been told before.
func (w *writer) checkpoint(ctx context.Context) {
	n, err := w.pagesWritten()
	if err == nil {
		if w.unfolded += n; w.unfolded < checkpointPages {
			return
		}
		w.unfolded = 0
		_, err = w.conn.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	}
	if err != nil { // nothing is lost: the WAL is only longer
		w.log.WarnContext(ctx, "database checkpoint failed", "error", err)
	}
}

// pagesWritten counts the pages that went to the WAL since the last call.
func (w *writer) pagesWritten() (n int, err error) {
	err = w.conn.Raw(func(conn any) error {
		status, ok := conn.(sqlite.DBStatus)
		if !ok {
			return fmt.Errorf("%T does not count pages", conn)
		}
		n, _, err = status.Status(sqlite.DBStatusCacheWrite, true)
		return err
	})
	return n, err
}
