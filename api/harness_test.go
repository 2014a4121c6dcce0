package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/auth"
	"parley/internal/output"
	"parley/membership"
	"parley/protocol"
	"parley/store"
	"parley/store/sqlite"
)

// bench is a running API over real services and a real store.
type bench struct {
	url    string
	client *http.Client // follows no redirect
	store  *sqlite.Store
	chat   *chat
	calls  *calls
	meter  *meter
	log    *output.Buffer
}

func newBench(tb testing.TB, change ...func(*api.Config, *api.Services)) *bench {
	tb.Helper()
	s, err := sqlite.Open(tb.Context(), sqlite.Config{Path: sqlite.MemoryPath})
	require.NoError(tb, err)
	tb.Cleanup(func() {
		if err := s.Close(); !errors.Is(err, store.ErrClosed) { // closed by the test
			require.NoError(tb, err)
		}
	})
	b := &bench{store: s, chat: &chat{store: s}, calls: &calls{}, meter: &meter{}, log: &output.Buffer{}}
	cfg := api.Config{
		BodyBytes: 65536,
		Log:       slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Meter:     b.meter,
		Version:   "1.2.3",
	}
	services := api.Services{
		Auth:  auth.New(auth.Config{Argon2: auth.Argon2{MemoryKiB: 8, Passes: 1, Lanes: 1}}, s),
		Rooms: membership.New(s, live{}),
		Chat:  b.chat,
		Calls: b.calls,
	}
	for _, f := range change {
		f(&cfg, &services)
	}
	h, err := api.New(cfg, services)
	require.NoError(tb, err)
	server := httptest.NewServer(h)
	tb.Cleanup(server.Close)
	b.url, b.client = server.URL, server.Client()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    string
}

// do sends a request; body is sent as it is if it is a string, as JSON if it
// is anything else, and not at all if it is nil.
func (b *bench) do(tb testing.TB, method, path, token string, body any) answer {
	tb.Helper()
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Token "+token)
	}
	return b.send(tb, method, path, header, body)
}

func (b *bench) send(tb testing.TB, method, path string, header http.Header, body any) answer {
	tb.Helper()
	var reader io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(v)
	default:
		text, err := json.Marshal(v)
		require.NoError(tb, err)
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, b.url+path, reader)
	require.NoError(tb, err)
	req.Header = header
	res, err := b.client.Do(req)
	require.NoError(tb, err, "%s %s", method, path)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(tb, err, "%s %s", method, path)
	return answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
}

// as reads an answer of that status.
func as[T any](tb testing.TB, a answer, status int) T {
	tb.Helper()
	require.Equal(tb, status, a.status, "%s", a.raw)
	require.Equal(tb, "application/json", a.header.Get("Content-Type"))
	var v T
	require.NoError(tb, json.Unmarshal([]byte(a.raw), &v), "%s", a.raw)
	return v
}

// requireProblem checks the form of a problem, and its code.
func requireProblem(tb testing.TB, a answer, code protocol.Code) api.Problem {
	tb.Helper()
	require.Equal(tb, "application/problem+json", a.header.Get("Content-Type"), "%d %s", a.status, a.raw)
	var p api.Problem
	require.NoError(tb, json.Unmarshal([]byte(a.raw), &p), "%s", a.raw)
	require.Equal(tb, code, p.Code, "%s", a.raw)
	require.Equal(tb, code.HTTPStatus(), a.status, "%s", a.raw)
	require.Equal(tb, a.status, p.Status)
	require.Equal(tb, http.StatusText(a.status), p.Title)
	require.NotEmpty(tb, p.Detail)
	require.NotContains(tb, a.raw, "$schema")
	if a.status == http.StatusUnauthorized {
		require.Equal(tb, "Token", a.header.Get("WWW-Authenticate"))
	}
	return p
}

// requireFields checks that a problem names these fields.
func requireFields(tb testing.TB, a answer, want ...string) {
	tb.Helper()
	p := requireProblem(tb, a, protocol.CodeValidation)
	got := []string{}
	for _, e := range p.Errors {
		require.NotEmpty(tb, e.Message)
		got = append(got, e.Field)
	}
	require.ElementsMatch(tb, want, got, "%s", a.raw)
}

// requireEmpty checks an answer without a body.
func requireEmpty(tb testing.TB, a answer) {
	tb.Helper()
	require.Equal(tb, http.StatusNoContent, a.status, "%s", a.raw)
	require.Empty(tb, a.raw)
}

// user registers an account and returns its token.
func (b *bench) user(tb testing.TB, name string) (token string, account protocol.Account) {
	tb.Helper()
	login := as[api.Login](tb, b.do(tb, "POST", "/api/auth/register/", "", map[string]string{
		"username": name, "email": name + "@example.com", "password": "password of " + name,
	}), http.StatusCreated)
	return login.Token, login.User
}

// room makes a room and returns its path and id.
func (b *bench) room(tb testing.TB, token string) (path string, room protocol.Room) {
	tb.Helper()
	r := as[protocol.Room](tb, b.do(tb, "POST", "/api/rooms/", token, map[string]any{"name": "room"}), http.StatusCreated)
	return roomPath(r.ID), r
}

type live struct{}

func (live) Added(int64, int64)                         {}
func (live) Removed(int64, int64, protocol.LeaveReason) {}
func (live) RoomDeleted(int64)                          {}

// meter remembers what was counted as "METHOD route status".
type meter struct {
	mu   sync.Mutex
	seen []string
}

func (m *meter) Request(route, method string, status int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if took < 0 {
		panic("time runs backwards")
	}
	m.seen = append(m.seen, method+" "+route+" "+http.StatusText(status))
}
