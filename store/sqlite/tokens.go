package sqlite

import (
	"context"
	"fmt"

	"parley/store"
	"parley/store/internal/value"
)

const selectToken = `SELECT t.id, t.created_at, ` + userColumns + ` FROM tokens t JOIN users u ON u.id = t.user_id `

func scanToken(row scanner) (store.Token, error) {
	var token store.Token
	var created int64
	var user userFields
	err := row.Scan(append([]any{&token.ID, &created}, user.dest()...)...)
	token.User, token.CreatedAt = user.finish(), value.Time(created)
	return token, err
}

// CreateToken implements store.Tokens.
func (s *Store) CreateToken(ctx context.Context, userID int64, h store.Hash) (store.Token, error) {
	return writeAside(ctx, s, func(ctx context.Context, t *tx) (store.Token, error) {
		if _, err := userByID(ctx, t, userID); err != nil {
			return store.Token{}, err
		}
		return t.createToken(ctx, userID, h)
	})
}

func (t *tx) createToken(ctx context.Context, userID int64, h store.Hash) (store.Token, error) {
	id, err := t.insert(ctx, `INSERT INTO tokens (user_id, hash, created_at) VALUES (?, ?, ?)`,
		userID, h[:], value.Milli(t.now))
	if err != nil {
		return store.Token{}, fmt.Errorf("create token: %w", err)
	}
	return tokenByID(ctx, t, id)
}

// TokenByHash implements store.Tokens.
func (s *Store) TokenByHash(ctx context.Context, h store.Hash) (store.Token, error) {
	return one(ctx, s.reader, scanToken, selectToken+`WHERE t.hash = ?`, h[:])
}

func tokenByID(ctx context.Context, q querier, id int64) (store.Token, error) {
	return one(ctx, q, scanToken, selectToken+`WHERE t.id = ?`, id)
}

// DeleteToken implements store.Tokens. The tickets go with it by foreign key.
func (s *Store) DeleteToken(ctx context.Context, id int64) error {
	_, err := writeAside(ctx, s, func(ctx context.Context, t *tx) (struct{}, error) {
		_, err := t.exec(ctx, `DELETE FROM tokens WHERE id = ?`, id)
		return struct{}{}, err
	})
	return err
}
