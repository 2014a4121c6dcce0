package sqlite

import (
	"context"
	"fmt"

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

func scanUser(row scanner) (store.User, error) {
	var f userFields
	err := row.Scan(f.dest()...)
	return f.finish(), err
}

// CreateUser implements store.Users.
func (s *Store) CreateUser(ctx context.Context, u store.NewUser) (store.Token, error) {
	return writeAside(ctx, s, func(ctx context.Context, t *tx) (store.Token, error) {
		if id, err := t.find(ctx, `SELECT id FROM users WHERE username_key = ?`, value.Fold(u.Username)); err != nil {
			return store.Token{}, err
		} else if id != 0 {
			return store.Token{}, store.ErrUsernameTaken
		}
		if err := t.emailFree(ctx, u.Email, 0); err != nil {
			return store.Token{}, err
		}
		now := value.Milli(t.now)
		id, err := t.insert(ctx, `
			INSERT INTO users (username, username_key, email, email_key, display_name, password_hash, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			u.Username, value.Fold(u.Username), u.Email, value.Fold(u.Email), u.DisplayName, u.PasswordHash, now, now)
		if err != nil {
			return store.Token{}, fmt.Errorf("create user: %w", err)
		}
		return t.createToken(ctx, id, u.TokenHash)
	})
}

// UserByID implements store.Users.
func (s *Store) UserByID(ctx context.Context, id int64) (store.User, error) {
	return userByID(ctx, s.reader, id)
}

// UserByName implements store.Users.
func (s *Store) UserByName(ctx context.Context, username string) (store.User, error) {
	return one(ctx, s.reader, scanUser, selectUser+`WHERE u.username_key = ?`, value.Fold(username))
}

// UserByEmail implements store.Users.
func (s *Store) UserByEmail(ctx context.Context, email string) (store.User, error) {
	return one(ctx, s.reader, scanUser, selectUser+`WHERE u.email_key = ?`, value.Fold(email))
}

// UpdateUser implements store.Users.
func (s *Store) UpdateUser(ctx context.Context, id int64, c store.UserChange) (store.User, error) {
	return write(ctx, s, 0, func(ctx context.Context, t *tx) (store.User, error) {
		u, err := userByID(ctx, t, id)
		if err != nil {
			return store.User{}, err
		}
		if c.Email != nil {
			if err := t.emailFree(ctx, *c.Email, id); err != nil {
				return store.User{}, err
			}
			u.Email = *c.Email
		}
		if c.DisplayName != nil {
			u.DisplayName = *c.DisplayName
		}
		u.UpdatedAt = t.now
		_, err = t.exec(ctx,
			`UPDATE users SET email = ?, email_key = ?, display_name = ?, updated_at = ? WHERE id = ?`,
			u.Email, value.Fold(u.Email), u.DisplayName, value.Milli(u.UpdatedAt), id)
		return u, err
	})
}

func userByID(ctx context.Context, q querier, id int64) (store.User, error) {
	return one(ctx, q, scanUser, selectUser+`WHERE u.id = ?`, id)
}

// emailFree checks that nobody but userID has an e-mail: store.ErrEmailTaken.
func (t *tx) emailFree(ctx context.Context, email string, userID int64) error {
	id, err := t.find(ctx, `SELECT id FROM users WHERE email_key = ?`, value.Fold(email))
	if err == nil && id != 0 && id != userID {
		err = store.ErrEmailTaken
	}
	return err
}
