package servers

import (
	"context"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgreSQL is a process for each connection, and some more. What is done to the
// server is done to all of them.

// Start is Process.Start. It tries again while processes of a run that was killed
// still have the memory that all share.
func (s *PostgresServer) Start() {
	s.tb.Helper()
	for began := time.Now(); ; time.Sleep(pollEvery) {
		err := s.start()
		if err == nil {
			return
		}
		if time.Since(began) > startPatience {
			s.tb.Fatalf("servers: %v", err)
		}
	}
}

// Stop is Process.Stop, also of a paused server.
func (s *PostgresServer) Stop() {
	s.Resume()
	s.Process.Stop()
}

// Kill ends all processes of the server at once (SIGKILL), as when the machine's
// power fails, but for what is in the kernel's cache.
func (s *PostgresServer) Kill() {
	others := s.paused
	if others == nil {
		others = s.others(nil)
	}
	s.Process.Kill()
	signalAll(others, syscall.SIGKILL)
	s.paused = nil
}

// Pause stops the execution of all processes of the server (SIGSTOP): its sockets
// stay and nobody answers.
func (s *PostgresServer) Pause() {
	s.paused = s.others(s.Process.Pause)
	signalAll(s.paused, syscall.SIGSTOP)
}

// Resume continues after Pause.
func (s *PostgresServer) Resume() {
	s.Process.Resume()
	signalAll(s.paused, syscall.SIGCONT)
	s.paused = nil
}

// others lists the server's processes besides the first; before is called when
// the connection for that is there already. It is best effort: a server that does
// not answer has none.
func (s *PostgresServer) others(before func()) []int {
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if before != nil {
		before()
	}
	if err != nil {
		return nil
	}
	defer func() { _ = conn.PgConn().Conn().Close() }() // not by a farewell: it may be paused by then
	rows, err := conn.Query(ctx, `SELECT pid FROM pg_stat_activity`)
	if err != nil {
		return nil
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return nil
	}
	return pids
}

func signalAll(pids []int, signal syscall.Signal) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, signal) // it may have ended by itself
	}
}
