package storetest

import (
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func ticketTests() []subtest {
	return []subtest{
		{"spent once", ticketSpent},
		{"spent by one of many", ticketRace},
		{"expires", ticketExpires},
		{"dies with its token", ticketDies},
		{"refused", ticketRefused},
	}
}

func (f *fixture) ticket(token store.Token, secret string, expires time.Time) {
	f.Helper()
	require.NoError(f, f.store.CreateTicket(f.ctx, token.ID, hash(secret), expires))
}

func (f *fixture) token(secret string) store.Token {
	f.Helper()
	token, err := f.store.TokenByHash(f.ctx, hash(secret))
	require.NoError(f, err)
	return token
}

func ticketSpent(f *fixture) {
	f.user("ann")
	f.user("ben")
	now := time.Now()
	f.ticket(f.token("ann"), "a", now.Add(time.Minute))
	f.ticket(f.token("ann"), "a2", now.Add(time.Minute))
	f.ticket(f.token("ben"), "b", now.Add(time.Minute))

	for secret, owner := range map[string]string{"a": "ann", "a2": "ann", "b": "ben"} {
		got, err := f.store.SpendTicket(f.ctx, hash(secret), now)
		require.NoError(f, err)
		require.Equal(f, f.token(owner), got)
		_, err = f.store.SpendTicket(f.ctx, hash(secret), now)
		require.ErrorIs(f, err, store.ErrNotFound, "spent twice")
	}
	_, err := f.store.SpendTicket(f.ctx, hash("ann"), now)
	require.ErrorIs(f, err, store.ErrNotFound, "a token is no ticket")
}

func ticketRace(f *fixture) {
	f.user("ann")
	now := time.Now()
	f.ticket(f.token("ann"), "t", now.Add(time.Minute))
	var wg sync.WaitGroup
	errs := make(chan error, 64)
	for range cap(errs) {
		wg.Go(func() {
			_, err := f.store.SpendTicket(f.ctx, hash("t"), now)
			errs <- err
		})
	}
	wg.Wait()
	close(errs)
	spent := 0
	for err := range errs {
		if err == nil {
			spent++
		} else {
			require.ErrorIs(f, err, store.ErrNotFound)
		}
	}
	require.Equal(f, 1, spent)
}

func ticketExpires(f *fixture) {
	f.user("ann")
	expires := time.Now().Add(time.Minute)
	for _, secret := range []string{"at", "after", "before"} {
		f.ticket(f.token("ann"), secret, expires)
	}
	_, err := f.store.SpendTicket(f.ctx, hash("at"), expires)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.SpendTicket(f.ctx, hash("after"), expires.Add(time.Hour))
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.SpendTicket(f.ctx, hash("before"), expires.Add(-time.Millisecond))
	require.NoError(f, err)

	f.ticket(f.token("ann"), "late", time.Now().Add(-time.Second))
	_, err = f.store.SpendTicket(f.ctx, hash("late"), time.Now())
	require.ErrorIs(f, err, store.ErrNotFound)
	f.ticket(f.token("ann"), "new", time.Now().Add(time.Minute))
	_, err = f.store.SpendTicket(f.ctx, hash("new"), time.Now())
	require.NoError(f, err)
}

func ticketDies(f *fixture) {
	ann := f.user("ann")
	second, err := f.store.CreateToken(f.ctx, ann.ID, hash("second"))
	require.NoError(f, err)
	now := time.Now()
	f.ticket(second, "dies", now.Add(time.Minute))
	f.ticket(f.token("ann"), "lives", now.Add(time.Minute))
	require.NoError(f, f.store.DeleteToken(f.ctx, second.ID))
	_, err = f.store.SpendTicket(f.ctx, hash("dies"), now)
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.SpendTicket(f.ctx, hash("lives"), now)
	require.NoError(f, err)
}

func ticketRefused(f *fixture) {
	f.user("ann")
	token := f.token("ann")
	err := f.store.CreateTicket(f.ctx, token.ID+1, hash("t"), time.Now().Add(time.Minute))
	require.ErrorIs(f, err, store.ErrNotFound)
	require.NoError(f, f.store.DeleteToken(f.ctx, token.ID))
	err = f.store.CreateTicket(f.ctx, token.ID, hash("t"), time.Now().Add(time.Minute))
	require.ErrorIs(f, err, store.ErrNotFound)
	_, err = f.store.SpendTicket(f.ctx, hash("t"), time.Now())
	require.ErrorIs(f, err, store.ErrNotFound)
}
