package auth

import (
	"context"
	"errors"
	"fmt"

	"parley/protocol"
	"parley/store"
)

// Registration is an account to make.
type Registration struct {
	Username    string // 1–150 letters, digits and @ . + - _
	Email       string
	Password    string // 8–256 characters
	DisplayName string // at most 150 characters; empty: the user name
}

// Register makes an account and logs it in. What is wrong with r is reported
// for all fields at once; a user name or e-mail that is taken is named. It
// blocks for its turn to hash, and for one write of the store.
func (s *Service) Register(ctx context.Context, r Registration) (token string, a protocol.Account, err error) {
	r, err = r.check()
	if err != nil {
		return "", protocol.Account{}, err
	}
	phc, err := s.hasher.hash(ctx, r.Password)
	if err != nil {
		return "", protocol.Account{}, err
	}
	token, hash := newSecret(tokenPrefix)
	t, err := s.store.CreateUser(ctx, store.NewUser{
		Username:     r.Username,
		Email:        r.Email,
		DisplayName:  r.DisplayName,
		PasswordHash: phc,
		TokenHash:    hash,
	})
	if err != nil {
		return "", protocol.Account{}, taken("create user", err)
	}
	return token, account(t.User), nil
}

// check returns r in the form in which it is stored.
func (r Registration) check() (Registration, error) {
	var p problems
	r.Username = p.username(r.Username)
	r.Email = p.email(r.Email)
	r.DisplayName = p.displayName(r.DisplayName, r.Username)
	p.password(r.Password)
	return r, p.err()
}

// taken turns the store's conflicts into validation errors.
func taken(doing string, err error) error {
	switch {
	case errors.Is(err, store.ErrUsernameTaken):
		return protocol.Invalid("username", "a user with that name already exists")
	case errors.Is(err, store.ErrEmailTaken):
		return protocol.Invalid("email", "a user with that e-mail already exists")
	default:
		return fmt.Errorf("auth: %s: %w", doing, err)
	}
}
