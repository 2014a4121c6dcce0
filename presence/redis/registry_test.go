package redis_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/presence"
	"parley/presence/presencetest"
)

func TestRedisKeepsTheContract(t *testing.T) {
	presencetest.Run(t, func(t *testing.T) presencetest.Space { return space(t, long, shared.Addr) })
}

func ann() presence.User { return presence.User{ID: 1, Username: "ann", DisplayName: "Ann"} }

func bob() presence.User { return presence.User{ID: 2, Username: "bob", DisplayName: "Bob"} }

// online requires that a node sees a room so.
func online(t *testing.T, r presence.Registry, room int64, want ...presence.Entry) {
	t.Helper()
	got, err := r.Online(t.Context(), room)
	require.NoError(t, err)
	if len(want) == 0 {
		require.Empty(t, got, "online in room %d", room)
		return
	}
	require.Equal(t, want, got, "online in room %d", room)
}

func at(room int64, boot string, u presence.User) presence.Entry {
	return presence.Entry{Room: room, User: u, Node: boot}
}

// TestLeaseEndsByTheClockOfRedis waits for a short lease to end in earnest.
func TestLeaseEndsByTheClockOfRedis(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	servers.Flush(t, client)
	const lease = 300 * time.Millisecond
	a, b := join(t, client, node("a"), lease), join(t, client, node("b"), long)
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	online(t, b, 7, at(7, "a", ann()))
	require.Eventually(t, func() bool {
		seen, err := b.Online(t.Context(), 7)
		return err == nil && len(seen) == 0
	}, 20*time.Second, 10*time.Millisecond, "the lease ends")
	reaped, err := b.Reap(t.Context())
	require.NoError(t, err)
	require.Equal(t, []presence.Entry{at(7, "a", ann())}, reaped)
}

// TestNothingStaysForGood looks at every key after all has happened that makes
// one.
func TestNothingStaysForGood(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	servers.Flush(t, client)
	a, b, c := join(t, client, node("a"), long), join(t, client, node("b"), long), join(t, client, node("c"), long)
	for room := range int64(50) {
		require.NoError(t, a.Enter(t.Context(), room, ann()))
		require.NoError(t, b.Enter(t.Context(), room, bob()))
		require.NoError(t, c.Enter(t.Context(), room, bob()))
		require.NoError(t, b.Leave(t.Context(), room, bob().ID))
	}
	advance(t, client, 2*long)
	_, err := b.Renew(t.Context())
	require.NoError(t, err)
	reaped, err := b.Reap(t.Context())
	require.NoError(t, err)
	require.Len(t, reaped, 100)
	require.NoError(t, a.Enter(t.Context(), 7, ann()), "reaped, and still there")
	_, err = c.Renew(t.Context())
	require.NoError(t, err)

	all := keys(t, client)
	require.Greater(t, len(all), 16)
	for _, key := range all {
		left := client.PTTL(t.Context(), key).Val()
		require.Greater(t, left, long, "%s goes by itself, but not too soon", key)
		require.Less(t, left, 241*long, key)
	}
}

// TestRenewKeepsRooms is a room that nobody enters for longer than Redis keeps
// what nobody renews.
func TestRenewKeepsRooms(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	servers.Flush(t, client)
	a := join(t, client, node("a"), long)
	const rooms = 5000
	for room := range int64(rooms) {
		require.NoError(t, a.Enter(t.Context(), 16*room, ann()))
	}
	for room := range int64(rooms) {
		key := "parley:presence:{0}:room:" + itoa(16*room)
		require.True(t, client.PExpire(t.Context(), key, 10*long).Val(), key)
	}
	for range 120 {
		lapsed, err := a.Renew(t.Context())
		require.NoError(t, err)
		require.False(t, lapsed)
	}
	for room := range int64(rooms) {
		key := "parley:presence:{0}:room:" + itoa(16*room)
		require.Greater(t, client.PTTL(t.Context(), key).Val(), 200*long, key)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	servers.Flush(t, client)
	a, b := join(t, client, node("a"), long), join(t, client, node("b"), long)
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	require.NoError(t, b.Enter(t.Context(), 8, bob()))
	advance(t, client, 2*long)
	_, err := b.Renew(t.Context())
	require.NoError(t, err)
	_, err = b.Reap(t.Context())
	require.NoError(t, err)
	require.NoError(t, a.Close(t.Context()))
	require.NoError(t, b.Close(t.Context()))
	require.Empty(t, keys(t, client))
}

// TestLargeRoom is more than one script hands out, or takes as arguments.
func TestLargeRoom(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	servers.Flush(t, client)
	a, b := join(t, client, node("a"), long), join(t, client, node("b"), long)
	const users = 12_000 // past what Lua unpacks at once
	enterAll(t, a, 7, users)
	seen, err := b.Online(t.Context(), 7)
	require.NoError(t, err)
	require.Len(t, seen, users)
	for room := range int64(3000) {
		require.NoError(t, a.Enter(t.Context(), 16*room+8, bob()))
	}
	advance(t, client, 2*long)
	_, err = b.Renew(t.Context())
	require.NoError(t, err)
	reaped, err := b.Reap(t.Context())
	require.NoError(t, err)
	require.Len(t, reaped, users+3000)
	reaped, err = b.Reap(t.Context())
	require.NoError(t, err)
	require.Empty(t, reaped)
}
