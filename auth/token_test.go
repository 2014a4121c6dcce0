package auth_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestAuthenticateRefusesWhatIsNoToken(t *testing.T) {
	b := newBench(t)
	token, _ := b.register(t, "ada")
	for _, bad := range []string{
		"", "pt_", token[:len(token)-1], token + "A", strings.TrimPrefix(token, "pt_"),
		"tk_" + strings.TrimPrefix(token, "pt_"), "pt_" + strings.Repeat("A", 43), strings.ToUpper(token),
	} {
		_, err := b.Authenticate(t.Context(), bad)
		requireCode(t, protocol.CodeUnauthenticated, err)
	}
}

func TestLogoutEndsThatLoginAlone(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	other, _, err := b.Login(t.Context(), credentials("ada"))
	require.NoError(t, err)
	ticket, _, err := b.Ticket(t.Context(), who)
	require.NoError(t, err)

	require.NoError(t, b.Logout(t.Context(), who))
	require.Equal(t, []int64{who.TokenID}, b.observe.loggedIn)
	_, err = b.Authenticate(t.Context(), token)
	requireCode(t, protocol.CodeUnauthenticated, err)
	_, err = b.Redeem(t.Context(), ticket)
	requireCode(t, protocol.CodeUnauthenticated, err)
	_, _, err = b.Ticket(t.Context(), who)
	requireCode(t, protocol.CodeUnauthenticated, err)

	_, err = b.Authenticate(t.Context(), other)
	require.NoError(t, err)
	require.NoError(t, b.Logout(t.Context(), who), "logging out twice is no error")
}

func TestTicketIsGoodOnce(t *testing.T) {
	b := newBench(t)
	_, who := b.register(t, "ada")
	ticket, expires, err := b.Ticket(t.Context(), who)
	require.NoError(t, err)
	require.Regexp(t, `^tk_[A-Za-z0-9_-]{43}$`, ticket)
	require.Equal(t, b.clock.now.Add(30*time.Second), expires)

	_, err = b.Authenticate(t.Context(), ticket)
	requireCode(t, protocol.CodeUnauthenticated, err)

	const racers = 8
	var won, lost int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range racers {
		wg.Go(func() {
			got, err := b.Redeem(t.Context(), ticket)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && got == who {
				won++
			} else if protocol.AsError(err).Code == protocol.CodeUnauthenticated {
				lost++
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, won)
	require.Equal(t, racers-1, lost)
}

func TestTicketExpires(t *testing.T) {
	b := newBench(t)
	_, who := b.register(t, "ada")
	ticket, expires, err := b.Ticket(t.Context(), who)
	require.NoError(t, err)
	b.clock.now = expires.Add(time.Millisecond)
	_, err = b.Redeem(t.Context(), ticket)
	requireCode(t, protocol.CodeUnauthenticated, err)
}

func TestRedeemRefusesWhatIsNoTicket(t *testing.T) {
	b := newBench(t)
	token, _ := b.register(t, "ada")
	for _, bad := range []string{"", "tk_", token, "tk_" + strings.Repeat("A", 43)} {
		_, err := b.Redeem(t.Context(), bad)
		requireCode(t, protocol.CodeUnauthenticated, err)
	}
}

func TestTokensHideTheStoresFailure(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	ticket, _, err := b.Ticket(t.Context(), who)
	require.NoError(t, err)
	require.NoError(t, b.store.Close())

	_, errAuth := b.Authenticate(t.Context(), token)
	_, _, errTicket := b.Ticket(t.Context(), who)
	_, errRedeem := b.Redeem(t.Context(), ticket)
	for _, err := range []error{errAuth, errTicket, errRedeem, b.Logout(t.Context(), who)} {
		require.Error(t, err)
		require.Equal(t, protocol.CodeInternal, protocol.AsError(err).Code, "%v", err)
	}
	require.Empty(t, b.observe.loggedIn, "a logout that failed must not be announced")
}
