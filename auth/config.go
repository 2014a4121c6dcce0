package auth

import (
	"context"
	"runtime"
	"time"

	"parley/store"
)

// Config is what a Service needs besides its store. The zero value is usable.
type Config struct {
	// Argon2 is the cost of new password hashes; zero: DefaultArgon2.
	Argon2 Argon2
	// HashConcurrency bounds the passwords hashed at once; 0: one a CPU. Each
	// needs Argon2.MemoryKiB.
	HashConcurrency int
	// HashQueue bounds the callers that wait for their turn; 0: 64, which at
	// 20 ms a hash is answered within a second or so on two CPUs. One more is
	// refused as unavailable.
	HashQueue int
	// TicketTTL is how long a ticket can be redeemed; 0: 30 s.
	TicketTTL time.Duration
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Revoker is told of what no longer holds; nil: nobody is.
	Revoker Revoker
	// Meter observes logins and hashing; nil: nobody does.
	Meter Meter
}

func (c Config) withDefaults() Config {
	if c.Argon2 == (Argon2{}) {
		c.Argon2 = DefaultArgon2()
	}
	if c.HashConcurrency == 0 {
		c.HashConcurrency = runtime.GOMAXPROCS(0)
	}
	if c.HashQueue == 0 {
		c.HashQueue = 64
	}
	if c.TicketTTL == 0 {
		c.TicketTTL = 30 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Revoker == nil {
		c.Revoker = nobody{}
	}
	if c.Meter == nil {
		c.Meter = nobody{}
	}
	return c
}

// Store is what a Service keeps its accounts in.
type Store interface {
	Users
	store.Tokens
}

// Users is the part of store.Users that a Service needs.
type Users interface {
	CreateUser(ctx context.Context, u store.NewUser) (store.Token, error)
	UserByName(ctx context.Context, username string) (store.User, error)
	UserByEmail(ctx context.Context, email string) (store.User, error)
	UpdateUser(ctx context.Context, id int64, c store.UserChange) (store.User, error)
}

// Revoker spreads what no longer holds. Its methods must not block.
type Revoker interface {
	// LoggedOut is called after the token is gone: what the login still holds
	// open, such as its sockets, ends, and other nodes forget it.
	LoggedOut(tokenID int64)
	// ProfileChanged is called after a user has another name or address: other
	// nodes forget the old one.
	ProfileChanged(userID int64)
}

// Meter observes a Service. Its methods must not block.
type Meter interface {
	// Login counts an attempt by its result, one of the Login… constants.
	Login(result string)
	// Hashing moves the number of passwords being hashed by delta.
	Hashing(delta int)
}

// Results of a login, as a Meter sees them.
const (
	LoginOK      = "ok"
	LoginInvalid = "invalid" // wrong or incomplete credentials
	LoginRefused = "refused" // too many are waiting to be hashed
	LoginFailed  = "failed"  // the store failed, or the client went away
)

// nobody is the Revoker and Meter of a Service that has none.
type nobody struct{}

func (nobody) LoggedOut(int64)      {}
func (nobody) ProfileChanged(int64) {}
func (nobody) Login(string)         {}
func (nobody) Hashing(int)          {}
