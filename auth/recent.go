package auth

import (
	"time"

	"parley/internal/recent"
	"parley/protocol"
	"parley/store"
)

// Recognized logins are few bytes each; those of a busy ten seconds fit.
const (
	mostRecognized = 1 << 16
	recognizedFor  = 10 * time.Second
)

// Login is who has logged in, as others see them, and by which token.
type Login struct {
	TokenID int64
	User    *protocol.User // shared: not to be changed
}

// grounds is what a recognized login rests on: its token, or its user's
// profile. One of the two is set.
type grounds struct{ token, user int64 }

type logins = recent.Facts[store.Hash, Login, grounds]

func newLogins() *logins {
	return recent.New(mostRecognized, recognizedFor, func(_ store.Hash, l Login) [2]grounds {
		return [2]grounds{{token: l.TokenID}, {user: l.User.ID}}
	})
}

// Recognize is Authenticate for a token that it has seen in the last ten
// seconds: it neither blocks nor asks the store, and reports false for any other.
//
// A logout or a changed profile is felt at once on the node where it happens,
// and on others when they hear of it (ForgetLogin, ForgetProfile): so its
// answer is good where what is opened by it ends with the login, as a session
// does, and not for a request, which is done by then.
func (s *Service) Recognize(token string) (Login, bool) {
	hash, ok := hashSecret(tokenPrefix, token)
	if !ok {
		return Login{}, false
	}
	return s.logins.Get(hash)
}

// ForgetLogin is called when a login has ended, on whichever node.
func (s *Service) ForgetLogin(tokenID int64) { s.logins.End(grounds{token: tokenID}) }

// ForgetProfile is called when a user's profile has changed, on whichever node.
func (s *Service) ForgetProfile(userID int64) { s.logins.End(grounds{user: userID}) }
