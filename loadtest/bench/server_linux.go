package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"parley/loadtest/bench/host"
)

// settings are how a row wants its server to run.
type settings struct {
	shards int      // and processors; 0: one
	env    []string // besides what every server has
	secure bool     // behind TLS

	folder string       // of its data
	trust  *http.Client // of its certificate
}

// prepare makes the folder of the data, and a certificate if there is to be one.
func (s *settings) prepare(in string) (remove func() error, err error) {
	if s.folder, err = os.MkdirTemp(in, "parley-bench-*"); err != nil {
		return nil, fmt.Errorf("server's data: %w", err)
	}
	remove = func() error { return os.RemoveAll(s.folder) }
	if s.secure {
		if s.trust, err = selfSigned(s.folder); err != nil {
			return nil, errors.Join(err, remove())
		}
	}
	return remove, nil
}

// client is whom requests to the server are made with.
func (s *settings) client(plain *http.Client) *http.Client {
	if s.secure {
		return s.trust
	}
	return plain
}

func (s *settings) cpus() int { return max(s.shards, 1) }

// server is the process that is measured.
type server struct {
	child *host.Child
	addr  netip.AddrPort
	admin *admin // nil: the floor has none
}

// launch starts a server, or the floor, on free ports.
func (l *lab) launch(ctx context.Context, who subject, set settings) (*server, error) {
	command := host.Command{Path: who.binary, CPUs: set.cpus()}
	if who.floor != "" {
		command.Args = []string{floorCommand, string(who.floor)}
	} else {
		command.Args, command.Env = []string{"serve"}, set.environment()
	}
	child, err := l.cpus.Start(ctx, command)
	if err != nil {
		return nil, err
	}
	s := &server{child: child}
	var private string
	if s.addr, private, err = readGreeting(child.Stdout, who.floor != ""); err != nil {
		return nil, errors.Join(err, child.Stop())
	}
	if private != "" {
		s.admin = &admin{base: "http://" + private, http: l.http}
	}
	return s, nil
}

// environment configures the server: no limits, and passwords that cost nothing.
func (s *settings) environment() []string {
	env := []string{
		"PARLEY_HTTP_ADDR=127.0.0.1:0",
		"PARLEY_ADMIN_ADDR=127.0.0.1:0",
		"PARLEY_STORE_DSN=sqlite:" + filepath.Join(s.folder, "parley.db"),
		"PARLEY_LIMITS_ENABLED=false",
		"PARLEY_AUTH_ARGON2_MEMORY_KIB=8",
		"PARLEY_AUTH_ARGON2_TIME=1",
		"PARLEY_LOG_LEVEL=warn",
		"PARLEY_LOG_FORMAT=text",
		fmt.Sprint("PARLEY_EDGE_SHARDS=", s.cpus()),
		"TMPDIR=" + s.folder,
	}
	if s.secure {
		env = append(env, "PARLEY_HTTP_TLS_CERT="+filepath.Join(s.folder, certFile), "PARLEY_HTTP_TLS_KEY="+filepath.Join(s.folder, keyFile))
	}
	return append(env, s.env...)
}

// greeting is how the line begins that says where a server listens.
const greeting = "Parley is ready at"

// readGreeting finds the addresses of a server that has started; the floor has
// only one.
func readGreeting(stdout io.Reader, one bool) (public netip.AddrPort, private string, err error) {
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		what, address, _ := strings.Cut(lines.Text(), "://")
		switch {
		case strings.HasPrefix(what, greeting):
			if public, err = netip.ParseAddrPort(address); err != nil {
				return public, "", fmt.Errorf("server's address: %w", err)
			}
			if one {
				return public, "", nil
			}
		case strings.HasPrefix(what, "Metrics"):
			return public, address, nil
		}
	}
	return public, "", errors.New("the server did not start")
}
