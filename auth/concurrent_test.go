package auth_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// TestManyAtOnce: logins, tickets and logouts of many users at once each get
// what is theirs.
func TestManyAtOnce(t *testing.T) {
	b := newBench(t)
	const users, logins = 4, 6
	for i := range users {
		b.register(t, fmt.Sprintf("user%d", i))
	}
	var mu sync.Mutex
	tokens := map[string]bool{}
	errs := make(chan error, users*logins)
	var wg sync.WaitGroup
	for i := range users * logins {
		wg.Go(func() {
			name := fmt.Sprintf("user%d", i%users)
			token, err := b.comeAndGo(t, name)
			mu.Lock()
			defer mu.Unlock()
			tokens[token] = true
			errs <- err
		})
	}
	wg.Wait()
	for range users * logins {
		require.NoError(t, <-errs)
	}
	require.Len(t, tokens, users*logins, "no two logins share a token")
	require.Len(t, b.observe.loggedIn, users*logins)
	require.Zero(t, b.observe.hashing)
}

// comeAndGo logs in, makes and spends a ticket, and logs out.
func (b *bench) comeAndGo(t *testing.T, name string) (token string, err error) {
	token, a, err := b.Login(t.Context(), credentials(name))
	if err != nil {
		return "", err
	}
	who, err := b.Authenticate(t.Context(), token)
	if err != nil {
		return "", err
	}
	if who.Account != a || a.Username != name {
		return "", fmt.Errorf("%s became %+v", name, who)
	}
	ticket, _, err := b.Ticket(t.Context(), who)
	if err != nil {
		return "", err
	}
	if again, err := b.Redeem(t.Context(), ticket); err != nil || again != who {
		return "", fmt.Errorf("the ticket of %s gave %+v: %w", name, again, err)
	}
	if err := b.Logout(t.Context(), who); err != nil {
		return "", err
	}
	if _, err := b.Authenticate(t.Context(), token); protocol.AsError(err).Code != protocol.CodeUnauthenticated {
		return "", fmt.Errorf("after logout: %w", err)
	}
	return token, nil
}

// TestTheSameNameAtOnce: of many who want one name, one gets it.
func TestTheSameNameAtOnce(t *testing.T) {
	b := newBench(t)
	const racers = 8
	errs := make(chan error, racers)
	for i := range racers {
		go func() {
			r := registration("ada")
			r.Email = fmt.Sprintf("ada%d@example.com", i)
			_, _, err := b.Register(t.Context(), r)
			errs <- err
		}()
	}
	won := 0
	for range racers {
		if err := <-errs; err == nil {
			won++
		} else {
			require.Equal(t, []string{"username"}, fields(refusal(t, protocol.CodeValidation, err)))
		}
	}
	require.Equal(t, 1, won)
}
