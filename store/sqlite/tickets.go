package sqlite

import (
	"context"
	"fmt"
	"time"

	"parley/store"
	"parley/store/internal/value"
)

// CreateTicket implements store.Tokens. It also forgets the tickets that have
// expired.
func (s *Store) CreateTicket(ctx context.Context, tokenID int64, h store.Hash, expires time.Time) error {
	_, err := writeAside(ctx, s, func(ctx context.Context, t *tx) (struct{}, error) {
		if _, err := tokenByID(ctx, t, tokenID); err != nil {
			return struct{}{}, err
		}
		if _, err := t.exec(ctx, `DELETE FROM tickets WHERE expires_at <= ?`, value.Milli(t.now)); err != nil {
			return struct{}{}, fmt.Errorf("forget tickets: %w", err)
		}
		_, err := t.exec(ctx, `INSERT INTO tickets (hash, token_id, expires_at) VALUES (?, ?, ?)`,
			h[:], tokenID, value.Milli(expires))
		return struct{}{}, err
	})
	return err
}

// SpendTicket implements store.Tokens. A ticket that has expired stays, to be
// forgotten by a later CreateTicket.
func (s *Store) SpendTicket(ctx context.Context, h store.Hash, now time.Time) (store.Token, error) {
	return writeAside(ctx, s, func(ctx context.Context, t *tx) (store.Token, error) {
		tokenID, err := one(ctx, t, scanInt,
			`DELETE FROM tickets WHERE hash = ? AND expires_at > ? RETURNING token_id`, h[:], value.Milli(now))
		if err != nil {
			return store.Token{}, err
		}
		return tokenByID(ctx, t, tokenID)
	})
}
