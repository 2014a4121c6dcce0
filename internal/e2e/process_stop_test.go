package e2e

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// processTerminated stops the node while sockets are open and messages pending.
func processTerminated(t *testing.T, binary string) {
	const sockets, pending = 20, 50
	dir := t.TempDir()
	p := serving(t, binary, dir)
	users := signUp(t, p.Server, "ann")
	room := meet(t, users...)
	call := callSocket(t, users[0], room.ID)
	call.join(t)
	logs := make([]*transcript, sockets)
	for i := range logs {
		logs[i] = follow(t, watch(t, users[0], room.ID))
	}
	writing := watch(t, users[0], room.ID)
	for range pending - 1 {
		require.NoError(t, writing.Send(within(t), protocol.TypeChatMessage, text("pending")))
	}
	request[protocol.MessageRef](t, writing, protocol.TypeChatMessage, text("the last"))

	began := time.Now()
	p.terminate(t)
	require.Less(t, time.Since(began), 20*time.Second, "within the grace")
	slots := map[int64]bool{}
	for _, l := range logs {
		l.await(t, protocol.TypeReconnect, 1)
		for _, f := range l.frames {
			if f.Type == protocol.TypeReconnect {
				var r protocol.Reconnect
				require.NoError(t, f.Into(&r))
				require.Equal(t, "restart", r.Reason)
				require.Positive(t, r.RetryAfterMS)
				slots[r.RetryAfterMS] = true
			}
		}
	}
	require.Len(t, slots, sockets, "each comes back in a slot of its own")
	await[protocol.Reconnect](t, call.Socket, protocol.TypeReconnect)
	require.Equal(t, protocol.CloseRestart, closeCode(t, call.Socket))
	require.Equal(t, protocol.CloseRestart, closeCode(t, writing))

	back := serving(t, binary, dir)
	ann, err := back.Login(within(t), "ann", password)
	require.NoError(t, err)
	stored := whole(t, ann, room.ID)
	require.Len(t, stored, pending)
	require.Equal(t, "the last", stored[pending-1].Content)
	back.terminate(t)
}

// processDraining holds the node in its drain with a socket that does not answer.
func processDraining(t *testing.T, binary string) {
	p := serving(t, binary, t.TempDir(), "PARLEY_EDGE_CLOSE_TIMEOUT=3s")
	status, body := get(t, p.admin+"/readyz")
	require.Equal(t, http.StatusOK, status, body)
	users := signUp(t, p.Server, "ann")
	room := meet(t, users...)
	deaf(t, users[0], room.ID)
	call := callSocket(t, users[0], room.ID)

	p.signal(t, syscall.SIGTERM)
	require.Equal(t, protocol.CloseRestart, closeCode(t, call.Socket))
	status, body = get(t, p.admin+"/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, `"draining":true`)
	status, _ = get(t, p.admin+"/healthz")
	require.Equal(t, http.StatusOK, status, "alive all the same")
	require.Zero(t, scrape(t, p.admin).value(t, "parley_ready"))

	_, err := users[0].OpenCall(within(t), room.ID)
	require.Error(t, err, "nobody gets in any more")
	require.Zero(t, p.exitCode(t), "%s", p.stderr)
}

func processStoppedAtOnce(t *testing.T, binary string) {
	p := serving(t, binary, t.TempDir(), "PARLEY_EDGE_CLOSE_TIMEOUT=60s", "PARLEY_SHUTDOWN_GRACE=60s")
	users := signUp(t, p.Server, "ann")
	room := meet(t, users...)
	deaf(t, users[0], room.ID)
	call := callSocket(t, users[0], room.ID)
	p.signal(t, syscall.SIGTERM)
	require.Equal(t, protocol.CloseRestart, closeCode(t, call.Socket), "it has begun to stop")
	p.signal(t, os.Interrupt)
	require.Equal(t, 1, p.exitCode(t))
	require.Contains(t, p.stderr.String(), "stopped at once by a second signal")
}

func processOutOfGrace(t *testing.T, binary string) {
	p := serving(t, binary, t.TempDir(), "PARLEY_EDGE_CLOSE_TIMEOUT=60s", "PARLEY_SHUTDOWN_GRACE=500ms")
	users := signUp(t, p.Server, "ann")
	room := meet(t, users...)
	deaf(t, users[0], room.ID)
	began := time.Now()
	p.signal(t, syscall.SIGTERM)
	require.Equal(t, 1, p.exitCode(t))
	require.Less(t, time.Since(began), 10*time.Second)
	require.Contains(t, p.stderr.String(), "deadline exceeded")
}

func processCannotStart(t *testing.T, binary string) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("not a database, and not a folder either"), 0o600))
	for name, c := range map[string]struct {
		env  string
		says []string
	}{
		"HTTP port taken":     {"PARLEY_HTTP_ADDR=" + taken.Addr().String(), []string{"http.addr", "address already in use"}},
		"admin port taken":    {"PARLEY_ADMIN_ADDR=" + taken.Addr().String(), []string{"admin.addr", "address already in use"}},
		"no such folder":      {"PARLEY_STORE_DSN=sqlite:" + file + "/parley.db", []string{"store.dsn", file}},
		"a folder is in it":   {"PARLEY_STORE_DSN=sqlite:" + dir, []string{"store.dsn", dir}},
		"not a database":      {"PARLEY_STORE_DSN=sqlite:" + file, []string{"store.dsn", "not a database"}},
		"PostgreSQL not here": {"PARLEY_STORE_DSN=postgres://127.0.0.1:1/parley", []string{"store.dsn", "127.0.0.1", "refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, binary, t.TempDir(), c.env)
			require.Equal(t, 1, p.exitCode(t))
			says := p.stderr.String()
			last := says[strings.LastIndex(strings.TrimSuffix(says, "\n"), "\n")+1:]
			require.True(t, strings.HasPrefix(last, "parley: start: "), last)
			for _, word := range c.says {
				require.Contains(t, last, word)
			}
			require.NotContains(t, says, "goroutine ", "no stack traces")
		})
	}
}

func processLogsJSON(t *testing.T, binary string) {
	p := launch(t, binary, t.TempDir(), "PARLEY_LOG_FORMAT=json")
	var httpAddr string
	require.Eventually(t, func() bool {
		for line := range strings.Lines(p.stderr.String()) {
			var entry struct {
				HTTP string `json:"http"`
			}
			if json.Unmarshal([]byte(line), &entry) == nil && entry.HTTP != "" {
				httpAddr = entry.HTTP
			}
		}
		return httpAddr != ""
	}, patience, patience/1000, "a log is all that tells the address")
	p.Base = "http://" + httpAddr
	signUp(t, p.Server, "ann")
	p.terminate(t)
	for line := range strings.Lines(p.stderr.String()) {
		require.True(t, json.Valid([]byte(line)), line)
	}
}
