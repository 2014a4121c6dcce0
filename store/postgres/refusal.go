package postgres

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"parley/store"
)

// What a statement answers for each of its writes, in its first column: whether
// it was done, or why it was not. The others are NULL then.
const (
	done           = "done"
	notFound       = "not found"
	notParticipant = "not a participant"
	isOwner        = "owner"
	isDeleted      = "deleted"
)

// scanAnswer reads a row's answer: nil, with the other columns in dest, or a
// refusal, which is an error of the contract's.
func scanAnswer(row pgx.CollectableRow, dest ...any) (refusal, err error) {
	switch answer := string(row.RawValues()[0]); answer {
	case done:
		return nil, row.Scan(append([]any{nil}, dest...)...)
	case notFound:
		return store.ErrNotFound, nil
	case notParticipant:
		return store.ErrNotParticipant, nil
	case isOwner:
		return store.ErrOwner, nil
	case isDeleted:
		return store.ErrDeleted, nil
	default:
		return nil, fmt.Errorf("unknown answer %q", answer)
	}
}

// answers reads as many rows as there were writes in a statement.
func answers(rows pgx.Rows, n int, read func(i int, row pgx.CollectableRow) error) error {
	i := 0
	for ; rows.Next(); i++ {
		if i == n {
			return fmt.Errorf("more than %d answers", n)
		}
		if err := read(i, rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if i < n {
		return fmt.Errorf("%d answers to %d writes", i, n)
	}
	return nil
}
