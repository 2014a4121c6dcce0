package auth

import (
	"context"

	"parley/protocol"
	"parley/store"
)

// ProfileChange names what a user changes of their account; nil leaves a field
// as it is.
type ProfileChange struct {
	Email       *string
	DisplayName *string // empty: the user name
}

// UpdateProfile changes the account of who and returns it as it is then. Once
// begun it is seen through, though its client may not wait.
func (s *Service) UpdateProfile(ctx context.Context, who Identity, c ProfileChange) (protocol.Account, error) {
	var p problems
	var change store.UserChange
	if c.Email != nil {
		email := p.email(*c.Email)
		change.Email = &email
	}
	if c.DisplayName != nil {
		name := p.displayName(*c.DisplayName, who.User.Username)
		change.DisplayName = &name
	}
	if err := p.err(); err != nil {
		return protocol.Account{}, err
	}
	if change == (store.UserChange{}) {
		return who.Account, nil
	}
	u, err := s.store.UpdateUser(context.WithoutCancel(ctx), who.User.ID, change)
	s.ForgetProfile(who.User.ID) // whatever became of it
	if err != nil {
		return protocol.Account{}, taken("update user", err)
	}
	s.cfg.Revoker.ProfileChanged(who.User.ID)
	return account(u), nil
}
