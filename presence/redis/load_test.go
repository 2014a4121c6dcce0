package redis_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/presence"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func user(id int64) presence.User {
	return presence.User{ID: id, Username: "user" + itoa(id), DisplayName: "User " + itoa(id)}
}

// enterAll enters users 1 to n from many goroutines.
func enterAll(t testing.TB, r presence.Registry, room, n int64) {
	const workers = 200
	var all sync.WaitGroup
	for w := range int64(workers) {
		all.Go(func() {
			for id := w + 1; id <= n; id += workers {
				if err := r.Enter(t.Context(), room, user(id)); err != nil {
					t.Errorf("enter: %v", err)
				}
			}
		})
	}
	all.Wait()
}

// TestWaitingWritesShareACommand counts what Redis is told under load.
func TestWaitingWritesShareACommand(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	servers.Flush(t, client)
	a := join(t, client, node("a"), long)
	require.NoError(t, client.ConfigResetStat(t.Context()).Err())
	const users = 20_000
	enterAll(t, a, 7, users)
	calls := commands(t, "evalsha")
	require.Less(t, calls, users/4, "of 200 callers, those that wait go together")
	seen, err := a.Online(t.Context(), 7)
	require.NoError(t, err)
	require.Len(t, seen, users)
}

// commands is how often Redis has carried out a command since its statistics
// were reset.
func commands(t testing.TB, name string) int { return statistic(t, name, "calls=") }

// microseconds is how long Redis took for it.
func microseconds(t testing.TB, name string) int { return statistic(t, name, "usec=") }

func statistic(t testing.TB, command, name string) int {
	info, err := shared.Do("INFO", "commandstats")
	require.NoError(t, err)
	_, after, ok := strings.Cut(info, "cmdstat_"+command+":")
	if !ok {
		return 0
	}
	_, after, _ = strings.Cut(after, name)
	digits, _, _ := strings.Cut(after, ",")
	n, err := strconv.Atoi(digits)
	require.NoError(t, err)
	return n
}
