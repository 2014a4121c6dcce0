package auth_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
	"parley/store"
)

// slowReads is a store whose answers about tokens are under way while meanwhile
// happens.
type slowReads struct {
	auth.Store
	asked     atomic.Int64
	meanwhile func()
}

func (s *slowReads) TokenByHash(ctx context.Context, h store.Hash) (store.Token, error) {
	s.asked.Add(1)
	t, err := s.Store.TokenByHash(ctx, h)
	if s.meanwhile != nil {
		s.meanwhile()
	}
	return t, err
}

// slow makes the bench's Service read by way of a slowReads.
func (b *bench) slow() *slowReads {
	s := &slowReads{Store: b.store}
	b.Service = auth.New(auth.Config{Argon2: cheap(), Revoker: b.observe}, s)
	return s
}

func login(who auth.Identity) auth.Login { return auth.Login{TokenID: who.TokenID, User: &who.User} }

func requireUnknown(t *testing.T, b *bench, token string) {
	t.Helper()
	got, ok := b.Recognize(token)
	require.False(t, ok, "recognized as %v", got)
}

func TestATokenJustSeenIsRecognized(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	reads := b.slow()
	requireUnknown(t, b, token)
	_, err := b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	for range 10 {
		got, ok := b.Recognize(token)
		require.True(t, ok)
		require.Equal(t, login(who), got)
	}
	require.EqualValues(t, 1, reads.asked.Load(), "what is recognized is not looked up")

	_, err = b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	require.EqualValues(t, 2, reads.asked.Load(), "a request is always looked up")
	requireUnknown(t, b, token[:len(token)-1]+"!")
	requireUnknown(t, b, "")
	ticket, _, err := b.Ticket(t.Context(), who)
	require.NoError(t, err)
	requireUnknown(t, b, ticket)
	_, err = b.Redeem(t.Context(), ticket)
	require.NoError(t, err)
	requireUnknown(t, b, ticket)
}

func TestWhatIsNoTokenIsNotRemembered(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	require.NoError(t, b.Logout(t.Context(), who))
	for range 2 {
		_, err := b.Authenticate(t.Context(), token)
		requireCode(t, protocol.CodeUnauthenticated, err)
		requireUnknown(t, b, token)
	}
}

func TestALogoutIsFeltAtOnce(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	other, _, err := b.Login(t.Context(), credentials("ada"))
	require.NoError(t, err)
	_, err = b.Authenticate(t.Context(), other)
	require.NoError(t, err)

	require.NoError(t, b.Logout(t.Context(), who))
	requireUnknown(t, b, token)
	_, ok := b.Recognize(other)
	require.True(t, ok, "another login of the same user")
}

func TestAnotherNodesLogoutIsFeltWhenHeardOf(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	b.ForgetLogin(who.TokenID)
	requireUnknown(t, b, token)
	_, err := b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	b.ForgetProfile(who.User.ID)
	requireUnknown(t, b, token)
}

// A logout that crosses a look-up on its way back must not be undone by it.
func TestALogoutDuringTheLookUp(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	reads := b.slow()
	reads.meanwhile = func() { require.NoError(t, b.Logout(t.Context(), who)) }
	_, err := b.Authenticate(t.Context(), token)
	require.NoError(t, err, "it was good when it was read")
	requireUnknown(t, b, token)
	reads.meanwhile = nil
	_, err = b.Authenticate(t.Context(), token)
	requireCode(t, protocol.CodeUnauthenticated, err)
}

func TestANewNameIsFeltAtOnce(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	name := "Countess"
	change := func() {
		_, err := b.UpdateProfile(t.Context(), who, auth.ProfileChange{DisplayName: &name})
		require.NoError(t, err)
	}
	change()
	requireUnknown(t, b, token)

	reads := b.slow()
	name = "Lovelace"
	reads.meanwhile = change
	_, err := b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	requireUnknown(t, b, token)
	reads.meanwhile = nil
	_, err = b.Authenticate(t.Context(), token)
	require.NoError(t, err)
	got, ok := b.Recognize(token)
	require.True(t, ok)
	require.Equal(t, "Lovelace", got.User.DisplayName)
}

// A client that gives up does not leave a login half ended: deleted, but with
// its sockets open.
func TestEndingsAreSeenThrough(t *testing.T) {
	b := newBench(t)
	token, who := b.register(t, "ada")
	gone, leave := context.WithCancel(t.Context())
	leave()
	name := "Countess"
	_, err := b.UpdateProfile(gone, who, auth.ProfileChange{DisplayName: &name})
	require.NoError(t, err)
	require.Equal(t, []int64{who.User.ID}, b.observe.changed)
	require.NoError(t, b.Logout(gone, who))
	require.Equal(t, []int64{who.TokenID}, b.observe.loggedIn)
	requireUnknown(t, b, token)
}

// oneToken is a store that knows any token as the same one.
type oneToken struct{ auth.Store }

func (oneToken) TokenByHash(context.Context, store.Hash) (store.Token, error) {
	return store.Token{ID: 1, User: store.User{ID: 1, Username: "ada"}}, nil
}

func TestRecognitionLastsSeconds(t *testing.T) {
	token := "pt_" + "0123456789012345678901234567890123456789012"
	synctest.Test(t, func(t *testing.T) {
		s := auth.New(auth.Config{}, oneToken{})
		_, err := s.Authenticate(t.Context(), token)
		require.NoError(t, err)
		time.Sleep(4 * time.Second)
		_, ok := s.Recognize(token)
		require.True(t, ok)
		time.Sleep(7 * time.Second)
		_, ok = s.Recognize(token)
		require.False(t, ok)
	})
}

func TestRecognizingDoesNotAllocate(t *testing.T) {
	b := newBench(t)
	token, _ := b.register(t, "ada")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, ok := b.Recognize(token); !ok {
			t.Fatal("not recognized")
		}
	}))
}
