package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"parley/store"
)

// Codes that PostgreSQL gives to failures (its manual, appendix A), those that
// are told from others.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	readOnlyTransaction  = "25006"
	adminShutdown        = "57P01"
)

// codeOf is the code of a failure that the server told of, or empty.
func codeOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// brokenConstraint is the name of the unique constraint that a row breaks.
func brokenConstraint(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == uniqueViolation {
		return e.ConstraintName
	}
	return ""
}

// maxAttempts bounds how often a transaction is tried that another one was in
// the way of. The lock that one waits for is held for a round trip within the
// server at most, so a second attempt nearly always is the last.
const maxAttempts = 5

// again reports that PostgreSQL has rolled a transaction back for another's sake,
// so that it may be tried again.
func again(err error) bool {
	switch codeOf(err) {
	case serializationFailure, deadlockDetected:
		return true
	}
	return brokenConstraint(err) == "messages_seq" // a room that was made after the rooms were locked
}

// ofAStatement reports that one of a group's statements has failed by what is in
// it, so that the others may succeed without it. Where the server itself is in
// trouble nothing is gained by trying each alone.
func ofAStatement(err error) bool {
	code := codeOf(err)
	if code == "" {
		return false
	}
	switch code[:2] {
	case "21", "22", "23", "42", "54", "P0": // cardinality, data, constraints, access rules, limits, raised
		return true
	}
	return false
}

// failed makes an error of what a connection returned: the context's if it is
// done, store.ErrClosed after Close, store.ErrUnavailable where the server is out of
// reach.
func failed(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, puddle.ErrClosedPool):
		return store.ErrClosed
	case errors.Is(err, pgx.ErrNoRows):
		return store.ErrNotFound
	default:
		return fmt.Errorf("postgres: %s: %w", doing, reachable(oneLine{err}))
	}
}

// reachable makes a failure store.ErrUnavailable's too if it is the server's being
// out of reach.
func reachable(err error) error {
	if outOfReach(err) {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// outOfReach reports that there is no server to ask, or none that takes requests
// for the time.
func outOfReach(err error) bool {
	code := codeOf(err)
	if code == "" {
		return true // nothing that a server said
	}
	switch code[:2] {
	case "08", "53", "57": // connections, resources, an operator's doing
		return true
	}
	return code == readOnlyTransaction
}

// oneLine is an error whose text is one line of a log: that of a connection that
// failed has one for each address that was tried.
type oneLine struct{ error }

func (e oneLine) Unwrap() error { return e.error }

func (e oneLine) Error() string {
	var parts []string
	for part := range strings.Lines(e.error.Error()) {
		if part = strings.TrimSpace(part); !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}
