package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// PostgresServer is one PostgreSQL server, whose superuser is "postgres" and
// needs no password.
type PostgresServer struct {
	*Process
	Addr      string // host:port
	databases atomic.Int64
	paused    []int // processes besides the first, between Pause and Resume
}

// Postgres starts a PostgreSQL server. Options are settings of its own
// ("fsync=on"): without them it does not flush to disk, so that what it has
// acknowledged survives Kill of the server, as it is in the kernel by then, and
// no more.
func Postgres(tb TB, options ...string) *PostgresServer {
	tb.Helper()
	bin, err := postgresBin()
	if err != nil {
		tb.Fatalf("servers: %v", err)
	}
	owner, err := postgresOwner()
	if err != nil {
		tb.Fatalf("servers: %v", err)
	}
	var failure error
	for range tries {
		dir := folder(tb)
		if err := initdb(bin, dir, owner); err != nil {
			tb.Fatalf("servers: %v", err)
		}
		s := &PostgresServer{}
		port := ports(tb, 1)[0]
		s.Addr = local(port)
		s.Process, failure = launch(tb, command{
			path: filepath.Join(bin, "postgres"), args: postgresArgs(dir, port, options), dir: dir,
			ready: func(ctx context.Context) error { return s.exec(ctx, "SELECT 1") },
			stop:  syscall.SIGINT, // fast shutdown: it ends its connections
			user:  owner,
		})
		if failure == nil {
			tb.Cleanup(s.Resume) // a paused process would outlive the test
			return s
		}
	}
	tb.Fatalf("servers: %v", failure)
	return nil
}

// URL is where a client of a database connects to; "postgres" is always there.
func (s *PostgresServer) URL(database string) string {
	return "postgres://postgres@" + s.Addr + "/" + database + "?sslmode=disable"
}

// Database makes a new, empty database and returns its URL.
func (s *PostgresServer) Database(tb TB) string {
	tb.Helper()
	return s.DatabaseLike(tb, "template1")
}

// DatabaseLike makes a new database as a copy of another, to which nobody is
// connected, and returns its URL.
func (s *PostgresServer) DatabaseLike(tb TB, template string) string {
	tb.Helper()
	name := "d" + strconv.FormatInt(s.databases.Add(1), 10)
	if err := s.exec(context.Background(), fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template)); err != nil {
		tb.Fatalf("servers: %v", err)
	}
	return s.URL(name)
}

// exec runs a statement in the database "postgres".
func (s *PostgresServer) exec(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	_ = conn.Close(ctx)
	return err
}

func postgresArgs(dir string, port int, options []string) []string {
	args := []string{"-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port), "-k", dir}
	for _, setting := range append([]string{
		"listen_addresses=127.0.0.1", "fsync=off", "max_connections=200", "shared_buffers=64MB",
		"log_min_messages=warning", "autovacuum_naptime=5s",
	}, options...) {
		args = append(args, "-c", setting)
	}
	return args
}

// postgresBin finds the folder of the server's programs: Debian keeps those of
// each version in a folder of its own, which no PATH has.
func postgresBin() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // the pattern is right
	if len(found) > 0 {
		slices.SortFunc(found, func(a, b string) int { return majorOf(a) - majorOf(b) })
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", fmt.Errorf("PostgreSQL is not installed: %w", err)
	}
	return filepath.Dir(path), nil
}

// majorOf is the version in the path of a program of Debian's, 0 in others.
func majorOf(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// postgresOwner is who runs the server: PostgreSQL refuses to be root. It is nil
// where the tests are not root either.
func postgresOwner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // nobody else is an answer
	}
	var failure error
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			failure = err
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, failure
}

// initdb makes a cluster in dir/data.
func initdb(bin, dir string, owner *syscall.Credential) error {
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	args := []string{
		"-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions",
	}
	cmd := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), args...) //nolint:gosec // what the system has installed
	cmd.Dir, cmd.SysProcAttr = dir, attributes(owner)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	return nil
}
