package membership

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"parley/auth"
	"parley/protocol"
	"parley/store"
)

// Target names a user to add or remove by exactly one of its fields.
type Target struct {
	UserID   int64
	Username string
	Email    string
}

// find returns the user that t names; what is wrong with t is reported on the
// field that the client used.
func (s *Service) find(ctx context.Context, t Target) (store.User, error) {
	field, err := t.field()
	if err != nil {
		return store.User{}, err
	}
	u, err := s.lookUp(ctx, t)
	if errors.Is(err, store.ErrNotFound) {
		return store.User{}, protocol.Invalid(field, "there is no such user")
	}
	if err != nil {
		return store.User{}, fmt.Errorf("membership: find user: %w", err)
	}
	return u, nil
}

func (t Target) field() (string, error) {
	var given []string
	if t.UserID != 0 {
		given = append(given, "user_id")
	}
	if t.Username != "" {
		given = append(given, "username")
	}
	if t.Email != "" {
		given = append(given, "email")
	}
	switch len(given) {
	case 0:
		return "", protocol.Invalid("user_id", "one of user_id, username and email is required")
	case 1:
		return given[0], nil
	default:
		return "", protocol.Invalid(given[0], "only one of user_id, username and email may be given")
	}
}

func (s *Service) lookUp(ctx context.Context, t Target) (store.User, error) {
	switch {
	case strings.ContainsFunc(t.Username+t.Email, unicode.IsControl):
		return store.User{}, store.ErrNotFound // no account is called so
	case t.Username != "":
		return s.store.UserByName(ctx, auth.CanonicalUsername(t.Username))
	case t.Email != "":
		return s.store.UserByEmail(ctx, strings.TrimSpace(t.Email))
	default:
		return s.store.UserByID(ctx, t.UserID)
	}
}
