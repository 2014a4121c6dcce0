package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/protocol"
	"parley/store"
)

// Credentials are a user's own. Of Username and Email one is enough; with both
// Username counts.
type Credentials struct {
	Username string
	Email    string
	Password string
}

// Login makes a new token for the user whose credentials c are, beside those
// that exist. A wrong password and an unknown user give the same error after
// the same work. It blocks for its turn to hash.
func (s *Service) Login(ctx context.Context, c Credentials) (token string, a protocol.Account, err error) {
	token, a, err = s.login(ctx, c)
	s.cfg.Meter.Login(loginResult(err))
	return token, a, err
}

func (s *Service) login(ctx context.Context, c Credentials) (string, protocol.Account, error) {
	if err := c.check(); err != nil {
		return "", protocol.Account{}, err
	}
	user, err := s.find(ctx, c)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", protocol.Account{}, fmt.Errorf("auth: find user: %w", err)
	}
	known := err == nil
	right, err := s.hasher.verify(ctx, user.PasswordHash, c.Password)
	if err != nil {
		return "", protocol.Account{}, err
	}
	if !known || !right {
		return "", protocol.Account{}, errCredentials()
	}
	token, hash := newSecret(tokenPrefix)
	t, err := s.store.CreateToken(ctx, user.ID, hash)
	if errors.Is(err, store.ErrNotFound) { // the account is gone meanwhile
		return "", protocol.Account{}, errCredentials()
	}
	if err != nil {
		return "", protocol.Account{}, fmt.Errorf("auth: create token: %w", err)
	}
	return token, account(t.User), nil
}

func (c Credentials) check() error {
	var p problems
	if c.Username == "" && c.Email == "" {
		p.add("username", "a user name or an e-mail is required")
	}
	if c.Password == "" {
		p.add("password", "required")
	}
	return p.err()
}

func (s *Service) find(ctx context.Context, c Credentials) (store.User, error) {
	if strings.ContainsFunc(c.Username+c.Email, unprintable) {
		return store.User{}, store.ErrNotFound // no account is called so
	}
	if c.Username != "" {
		return s.store.UserByName(ctx, CanonicalUsername(c.Username))
	}
	return s.store.UserByEmail(ctx, strings.TrimSpace(c.Email))
}

func errCredentials() error {
	return protocol.Errorf(protocol.CodeInvalidCredentials, "the user name, e-mail or password is wrong")
}

func loginResult(err error) string {
	if err == nil {
		return LoginOK
	}
	switch protocol.AsError(err).Code {
	case protocol.CodeInvalidCredentials, protocol.CodeValidation:
		return LoginInvalid
	case protocol.CodeUnavailable:
		return LoginRefused
	default:
		return LoginFailed
	}
}
