package auth

import (
	"parley/protocol"
	"parley/store"
)

// Service registers users, logs them in and out, and recognises them.
type Service struct {
	// Static after construction.
	cfg    Config
	store  Store
	hasher *hasher
	logins *logins // those of the last seconds
}

// New makes a Service that keeps its accounts in s.
func New(cfg Config, s Store) *Service {
	cfg = cfg.withDefaults()
	return &Service{cfg: cfg, store: s, hasher: newHasher(cfg), logins: newLogins()}
}

// Identity is a user who has proved who they are, and by which login.
type Identity struct {
	TokenID int64
	User    protocol.User    // as others see them
	Account protocol.Account // as they see themselves
}

func identify(t store.Token) Identity {
	return Identity{
		TokenID: t.ID,
		User: protocol.User{
			ID:          t.User.ID,
			Username:    t.User.Username,
			DisplayName: t.User.DisplayName,
		},
		Account: account(t.User),
	}
}

func account(u store.User) protocol.Account {
	return protocol.Account{
		ID:          u.ID,
		Username:    u.Username,
		Email:       u.Email,
		DisplayName: u.DisplayName,
		CreatedAt:   protocol.At(u.CreatedAt),
	}
}
