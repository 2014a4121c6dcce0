package auth_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
)

// gate is a Meter that holds every hash at its start until it is opened.
type gate struct {
	open    chan struct{}
	entered chan struct{}
}

func (gate) Login(string) {}

func (g gate) Hashing(delta int) {
	if delta > 0 {
		g.entered <- struct{}{}
		<-g.open
	}
}

// TestHashingIsBounded: of two slots and three places in the queue the sixth
// login finds none, and those who wait get their turn.
func TestHashingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate{open: make(chan struct{}), entered: make(chan struct{}, 6)}
		s := auth.New(auth.Config{Argon2: cheap(), HashConcurrency: 2, HashQueue: 3, Meter: g}, &stub{})
		results := make(chan error, 5)
		for range 5 {
			go func() {
				_, _, err := s.Login(t.Context(), credentials("ada"))
				results <- err
			}()
		}
		synctest.Wait()
		require.Len(t, g.entered, 2, "hashes at once")

		_, _, err := s.Login(t.Context(), credentials("ada"))
		e := refusal(t, protocol.CodeUnavailable, err)
		require.Equal(t, time.Second, e.RetryAfter)

		close(g.open)
		for range 5 {
			requireCode(t, protocol.CodeInvalidCredentials, <-results)
		}
		_, _, err = s.Login(t.Context(), credentials("ada"))
		requireCode(t, protocol.CodeInvalidCredentials, err)
	})
}

func TestHashingWaitsNoLongerThanItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate{open: make(chan struct{}), entered: make(chan struct{}, 6)}
		s := auth.New(auth.Config{Argon2: cheap(), HashConcurrency: 1, HashQueue: 1, Meter: g}, &stub{})
		first := make(chan error, 1)
		go func() {
			_, _, err := s.Login(t.Context(), credentials("ada"))
			first <- err
		}()
		synctest.Wait()

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, _, err := s.Login(ctx, credentials("ada"))
		require.ErrorIs(t, err, context.DeadlineExceeded)

		close(g.open)
		requireCode(t, protocol.CodeInvalidCredentials, <-first)
	})
}
