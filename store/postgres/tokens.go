package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

const tokenColumns = `t.id, t.created_at, ` + userColumns

func scanToken(row pgx.CollectableRow) (store.Token, error) {
	var token store.Token
	var created int64
	var user userFields
	err := row.Scan(append([]any{&token.ID, &created}, user.dest()...)...)
	token.User, token.CreatedAt = user.finish(), value.Time(created)
	return token, err
}

// CreateToken implements store.Tokens.
func (s *Store) CreateToken(ctx context.Context, userID int64, h store.Hash) (store.Token, error) {
	return one(ctx, s.pool, scanToken, `
		WITH t AS (
			INSERT INTO tokens (user_id, hash, created_at) SELECT id, $2, `+nowMilli+` FROM users WHERE id = $1
			RETURNING *
		)
		SELECT `+tokenColumns+` FROM t JOIN users u ON u.id = t.user_id`, userID, h[:])
}

// TokenByHash implements store.Tokens.
func (s *Store) TokenByHash(ctx context.Context, h store.Hash) (store.Token, error) {
	return one(ctx, s.pool, scanToken,
		`SELECT `+tokenColumns+` FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = $1`, h[:])
}

// DeleteToken implements store.Tokens. The tickets go with it by foreign key.
func (s *Store) DeleteToken(ctx context.Context, id int64) error {
	return exec(ctx, s.pool, `DELETE FROM tokens WHERE id = $1 RETURNING id`, id)
}

// forgetAfter is how long a ticket is kept that has expired by PostgreSQL's
// clock: a node's own may be behind.
const forgetAfter = time.Hour

// CreateTicket implements store.Tokens. It also forgets the tickets that expired
// long ago, some of them: another node may be about to forget the same.
func (s *Store) CreateTicket(ctx context.Context, tokenID int64, h store.Hash, expires time.Time) error {
	_, err := one(ctx, s.pool, scanInt, `
		WITH forgotten AS (
			DELETE FROM tickets WHERE hash = ANY(ARRAY(
				SELECT hash FROM tickets WHERE expires_at <= (SELECT `+nowMilli+` - $4)
				ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED))
		)
		INSERT INTO tickets (hash, token_id, expires_at) SELECT $2, id, $3 FROM tokens WHERE id = $1
		RETURNING token_id`, tokenID, h[:], value.Milli(expires), forgetAfter.Milliseconds())
	return err
}

// SpendTicket implements store.Tokens. A ticket that has expired stays, to be
// forgotten by a later CreateTicket.
func (s *Store) SpendTicket(ctx context.Context, h store.Hash, now time.Time) (store.Token, error) {
	return one(ctx, s.pool, scanToken, `
		WITH spent AS (DELETE FROM tickets WHERE hash = $1 AND expires_at > $2 RETURNING token_id)
		SELECT `+tokenColumns+` FROM spent JOIN tokens t ON t.id = spent.token_id JOIN users u ON u.id = t.user_id`,
		h[:], value.Milli(now))
}
