package target_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/loadtest/measure"
	"parley/loadtest/target"
	"parley/protocol"
)

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func open(t *testing.T, cfg target.Config) *target.Target {
	t.Helper()
	tg, err := target.New(within(t), cfg)
	require.NoError(t, err)
	t.Cleanup(tg.Close)
	return tg
}

func TestOnlyThisMachineUnlessConfirmed(t *testing.T) {
	for _, here := range []string{"http://127.0.0.1:1", "http://127.8.9.1", "https://[::1]:2/", "http://[::ffff:127.0.0.1]:1", "http://localhost:3"} {
		require.True(t, open(t, target.Config{URLs: []string{here}}).Local(), here)
	}
	for _, elsewhere := range []string{"http://192.0.2.1:8080", "https://[2001:db8::1]", "http://0.0.0.0:1"} {
		_, err := target.New(within(t), target.Config{URLs: []string{"http://127.0.0.1:1", elsewhere}})
		require.ErrorIs(t, err, target.ErrUnconfirmed, elsewhere)
		require.ErrorContains(t, err, elsewhere)
		require.False(t, open(t, target.Config{URLs: []string{elsewhere}, Confirmed: true}).Local())
	}
	for _, bad := range []string{"", "127.0.0.1:80", "ws://127.0.0.1", "http://", ":"} {
		_, err := target.New(within(t), target.Config{URLs: []string{bad}})
		require.Error(t, err, bad)
		_, err = target.New(within(t), target.Config{URLs: []string{"http://127.0.0.1:1"}, Admin: []string{bad}})
		require.Error(t, err, bad)
	}
	_, err := target.New(within(t), target.Config{})
	require.Error(t, err)
}

func TestUsersSignUpOnNodesInTurn(t *testing.T) {
	a, b := newNode(t), newNode(t)
	a.busy = 2
	tg, r := open(t, target.Config{URLs: []string{a.URL + "/", b.URL}, Prefix: "qa"}), measure.New(time.Now())
	require.Equal(t, []string{a.URL, b.URL}, tg.URLs())
	three, err := tg.Users(within(t), 3, r)
	require.NoError(t, err)
	require.Len(t, three, 3)
	five, err := tg.Users(within(t), 5, r)
	require.NoError(t, err)
	require.Equal(t, three, five[:3])
	require.Equal(t, 5, len(a.names)+len(b.names))
	require.NotEmpty(t, a.names)
	require.NotEmpty(t, b.names)
	require.Regexp(t, `^qa_[a-z2-7]{8}_4$`, five[4].Account.Username)
	require.EqualValues(t, 5, r.Snapshot().Stages[target.StageSignIn].Done())
	require.Zero(t, r.Snapshot().Stages[target.StageSignIn].Failed, "to be asked later is no failure")

	room, err := tg.Room(within(t), []*client.User{five[0], five[1], five[2]}, r)
	require.NoError(t, err)
	require.EqualValues(t, 7, room.ID)
	require.Len(t, a.members, 1)
	require.Len(t, b.members, 1)
	require.EqualValues(t, 1, r.Snapshot().Stages[target.StageRoom].Done())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = tg.Users(ctx, 6, r)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, r.Snapshot().Stages[target.StageSignIn].Failed, "to be stopped is no failure")
}

func TestUsersFromAFileOfTokens(t *testing.T) {
	n := newNode(t)
	path := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(path, []byte("# ours\n11\n\n 12 \n13"), 0o600))
	tg, r := open(t, target.Config{URLs: []string{n.URL}, Tokens: path}), measure.New(time.Now())
	users, err := tg.Users(within(t), 10, r)
	require.NoError(t, err)
	require.Len(t, users, 3)
	require.EqualValues(t, 12, users[1].Account.ID)
	require.Empty(t, n.names)

	require.NoError(t, os.WriteFile(path, []byte("nonsense"), 0o600))
	_, err = open(t, target.Config{URLs: []string{n.URL}, Tokens: path}).Users(within(t), 1, r)
	require.ErrorContains(t, err, "unauthenticated")
	require.Contains(t, r.Snapshot().Stages[target.StageSignIn].Causes, "unauthenticated")

	for _, content := range []string{"", "# none\n"} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err = target.New(within(t), target.Config{URLs: []string{n.URL}, Tokens: path})
		require.ErrorContains(t, err, "has none")
	}
	_, err = target.New(within(t), target.Config{URLs: []string{n.URL}, Tokens: path + "x"})
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestMetricsOfAllNodesAreAddedUp(t *testing.T) {
	a, b := newNode(t), newNode(t)
	a.metrics = "# HELP x y\n# TYPE x gauge\nx 3\nc{l=\"a b} 7\"} 5\nc{l=\"{\"} 6 1700000000\nh_bucket{le=\"1\"} 9\nh_sum 2.5\n\n"
	b.metrics = "x 4\nh_sum 1e2\n"
	tg := open(t, target.Config{URLs: []string{a.URL}, Admin: []string{a.URL, b.URL + "/"}})
	got, err := tg.Scrape(within(t))
	require.NoError(t, err)
	require.Equal(t, target.Metrics{"x": 7, "c": 11, "h_sum": 102.5}, got)

	b.metrics = "x\n"
	_, err = tg.Scrape(within(t))
	require.ErrorContains(t, err, `no value: "x"`)
	unwatched := open(t, target.Config{URLs: []string{a.URL}})
	require.False(t, unwatched.Watched())
	_, err = unwatched.Scrape(within(t))
	require.Error(t, err)
	a.Close()
	_, err = tg.Scrape(within(t))
	require.Error(t, err)
}

func TestCausesAreShortAndTheSame(t *testing.T) {
	in := func(err error) error { return fmt.Errorf("somewhere: %w", err) }
	for want, err := range map[string]error{
		"none":                     nil,
		"room_full":                in(&client.FrameError{ErrorData: protocol.ErrorData{Code: protocol.CodeRoomFull}}),
		"unavailable":              in(&client.Problem{Status: 503, Code: protocol.CodeUnavailable}),
		"http 502":                 in(&client.Problem{Status: 502}),
		"http 503":                 errors.New("failed to WebSocket dial: expected handshake response status code 101 but got 503"),
		"closed 4409":              in(websocket.CloseError{Code: 4409}),
		"not resumed":              in(client.ErrAfresh),
		"timeout":                  in(context.DeadlineExceeded),
		"stopped":                  in(context.Canceled),
		"connection refused":       in(syscall.ECONNREFUSED),
		"connection reset":         in(syscall.EPIPE),
		"no descriptors left here": in(syscall.EMFILE),
		"no ports left here":       in(syscall.EADDRNOTAVAIL),
		"connection lost":          in(io.EOF),
		"other":                    errors.New("the moon is full"),
	} {
		require.Equal(t, want, target.Cause(err))
	}
	n := newNode(t)
	_, err := (&client.User{Server: client.Server{Base: n.URL}}).OpenCall(within(t), 7)
	require.Equal(t, "http 404", target.Cause(err), "%v", err)
	n.Close()
	_, err = (&client.User{Server: client.Server{Base: n.URL}}).OpenCall(within(t), 7)
	require.Equal(t, "connection refused", target.Cause(err), "%v", err)
}
