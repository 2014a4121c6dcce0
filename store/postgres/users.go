package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

const (
	userColumns = `u.id, u.username, u.email, u.display_name, u.password_hash, u.created_at, u.updated_at`
	selectUser  = `SELECT ` + userColumns + ` FROM users u `
)

// userFields are where a row's userColumns go; finish sets the times.
type userFields struct {
	user             store.User
	created, updated int64
}

func (f *userFields) dest() []any {
	u := &f.user
	return []any{&u.ID, &u.Username, &u.Email, &u.DisplayName, &u.PasswordHash, &f.created, &f.updated}
}

func (f *userFields) finish() store.User {
	f.user.CreatedAt, f.user.UpdatedAt = value.Time(f.created), value.Time(f.updated)
	return f.user
}

func scanUser(row pgx.CollectableRow) (store.User, error) {
	var f userFields
	err := row.Scan(f.dest()...)
	return f.finish(), err
}

// CreateUser implements store.Users.
func (s *Store) CreateUser(ctx context.Context, u store.NewUser) (store.Token, error) {
	token, err := one(ctx, s.pool, scanToken, `
		WITH u AS (
			INSERT INTO users (username, username_key, email, email_key, display_name, password_hash, created_at, updated_at)
			SELECT $1, $2, $3, $4, $5, $6, ms, ms FROM (SELECT `+nowMilli+` AS ms) clock
			RETURNING *
		),
		t AS (
			INSERT INTO tokens (user_id, hash, created_at) SELECT id, $7, created_at FROM u
			RETURNING *
		)
		SELECT `+tokenColumns+` FROM t, u`,
		u.Username, value.Fold(u.Username), u.Email, value.Fold(u.Email), u.DisplayName, u.PasswordHash, u.TokenHash[:])
	return token, taken(err)
}

// UserByID implements store.Users.
func (s *Store) UserByID(ctx context.Context, id int64) (store.User, error) {
	return one(ctx, s.pool, scanUser, selectUser+`WHERE u.id = $1`, id)
}

// UserByName implements store.Users.
func (s *Store) UserByName(ctx context.Context, username string) (store.User, error) {
	return s.userByKey(ctx, `WHERE u.username_key = $1`, username)
}

// UserByEmail implements store.Users.
func (s *Store) UserByEmail(ctx context.Context, email string) (store.User, error) {
	return s.userByKey(ctx, `WHERE u.email_key = $1`, email)
}

func (s *Store) userByKey(ctx context.Context, where, name string) (store.User, error) {
	if !storable(name) {
		return store.User{}, store.ErrNotFound
	}
	return one(ctx, s.pool, scanUser, selectUser+where, value.Fold(name))
}

// UpdateUser implements store.Users.
func (s *Store) UpdateUser(ctx context.Context, id int64, c store.UserChange) (store.User, error) {
	var emailKey *string
	if c.Email != nil {
		key := value.Fold(*c.Email)
		emailKey = &key
	}
	u, err := one(ctx, s.pool, scanUser, `
		UPDATE users u SET email = coalesce($2, u.email), email_key = coalesce($3, u.email_key),
		       display_name = coalesce($4, u.display_name), updated_at = greatest(u.updated_at, `+nowMilli+`)
		WHERE u.id = $1
		RETURNING `+userColumns, id, c.Email, emailKey, c.DisplayName)
	return u, taken(err)
}

// taken names what another user has.
func taken(err error) error {
	switch brokenConstraint(err) {
	case "users_username_taken":
		return store.ErrUsernameTaken
	case "users_email_taken":
		return store.ErrEmailTaken
	}
	return err
}
