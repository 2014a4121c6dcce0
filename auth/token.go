package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/protocol"
	"parley/store"
)

// Authenticate finds the identity behind a token: unauthenticated if it is
// malformed, unknown or logged out. It blocks for one read of the store, and
// lets Recognize answer for a while.
func (s *Service) Authenticate(ctx context.Context, token string) (Identity, error) {
	hash, ok := hashSecret(tokenPrefix, token)
	if !ok {
		return Identity{}, errToken()
	}
	began := s.logins.Begin()
	t, err := s.store.TokenByHash(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return Identity{}, errToken()
	}
	if err != nil {
		return Identity{}, fmt.Errorf("auth: find token: %w", err)
	}
	who := identify(t)
	s.logins.Put(hash, Login{TokenID: who.TokenID, User: &who.User}, began)
	return who, nil
}

// Logout ends the login of who, and with it its tickets and its sockets. Once
// begun it is seen through, though its client may not wait.
func (s *Service) Logout(ctx context.Context, who Identity) error {
	err := s.store.DeleteToken(context.WithoutCancel(ctx), who.TokenID)
	s.ForgetLogin(who.TokenID) // whatever became of it
	if err != nil {
		return fmt.Errorf("auth: delete token: %w", err)
	}
	s.cfg.Revoker.LoggedOut(who.TokenID)
	return nil
}

// Ticket makes a secret that Redeem accepts once, until expires, in place of
// the token: it may travel in a URL, where a token would end up in logs.
func (s *Service) Ticket(ctx context.Context, who Identity) (ticket string, expires time.Time, err error) {
	ticket, hash := newSecret(ticketPrefix)
	expires = s.cfg.Now().Add(s.cfg.TicketTTL)
	err = s.store.CreateTicket(ctx, who.TokenID, hash, expires)
	if errors.Is(err, store.ErrNotFound) { // logged out meanwhile
		return "", time.Time{}, errToken()
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("auth: create ticket: %w", err)
	}
	return ticket, expires, nil
}

// Redeem spends a ticket: unauthenticated if it is unknown, spent or expired,
// or if its login has ended.
func (s *Service) Redeem(ctx context.Context, ticket string) (Identity, error) {
	hash, ok := hashSecret(ticketPrefix, ticket)
	if !ok {
		return Identity{}, errTicket()
	}
	t, err := s.store.SpendTicket(ctx, hash, s.cfg.Now())
	if errors.Is(err, store.ErrNotFound) {
		return Identity{}, errTicket()
	}
	if err != nil {
		return Identity{}, fmt.Errorf("auth: spend ticket: %w", err)
	}
	return identify(t), nil
}

func errToken() error {
	return protocol.Errorf(protocol.CodeUnauthenticated, "the token is not valid")
}

func errTicket() error {
	return protocol.Errorf(protocol.CodeUnauthenticated, "the ticket is not valid, or no longer")
}
