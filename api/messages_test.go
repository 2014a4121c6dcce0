package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
	"parley/store"
)

func TestSendMessage(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, room := b.room(t, token)
	send := func(body any) answer { return b.do(t, "POST", path+"messages/", token, body) }

	first := as[protocol.Message](t, send(map[string]any{"content": "<hi> & ☺", "client_msg_id": "c1", "attachment_ids": []int{}}), http.StatusCreated)
	require.Equal(t, "<hi> & ☺", first.Content)
	require.Equal(t, int64(1), first.Seq)
	require.Equal(t, room.ID, first.RoomID)
	require.Equal(t, "ada", first.Author.Username)
	require.Equal(t, "c1", first.ClientMsgID)

	again := as[protocol.Message](t, send(map[string]any{"content": "other", "client_msg_id": "c1"}), http.StatusOK)
	require.Equal(t, first, again)
	alias := b.do(t, "POST", strings.Replace(path, "rooms", "chat", 1)+"messages/", token, map[string]any{"content": "by the alias"})
	require.Equal(t, int64(2), as[protocol.Message](t, alias, http.StatusCreated).Seq)

	requireFields(t, send(map[string]any{}), "content")
	requireFields(t, send(map[string]any{"content": nil}), "content")
	requireFields(t, send(map[string]any{"content": 1, "client_msg_id": 2}), "content", "client_msg_id")
	requireFields(t, send(map[string]any{"content": ""}), "content")
}

// talk fills a room with messages 1…n.
func talk(t *testing.T, b *bench, token, path string, n int) {
	t.Helper()
	for i := 1; i <= n; i++ {
		as[protocol.Message](t, b.do(t, "POST", path+"messages/", token, map[string]any{"content": strconv.Itoa(i)}), http.StatusCreated)
	}
}

func TestHistoryByPage(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	talk(t, b, token, path, 5)
	l := history(t, b, token, path+"messages/?page=2&page_size=2")
	require.Equal(t, "3 2", contents(l))
	require.Equal(t, 5, l.Count)
	require.Contains(t, *l.Next, path+"messages/?page=3")
	require.Contains(t, *l.Previous, path+"messages/?page=1")
}

func TestHistoryByCursor(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	talk(t, b, token, path, 7)
	for _, test := range []struct {
		query string
		pages string
	}{
		{"after_seq=0&limit=3", "1 2 3|4 5 6|7"},
		{"after_seq=1&limit=3", "2 3 4|5 6 7"},
		{"after_seq=7", ""},
		{"after_seq=99", ""},
		{"after_seq=0", "1 2 3 4 5 6 7"},
		{"before_seq=8&limit=3", "7 6 5|4 3 2|1"},
		{"before_seq=7&limit=3", "6 5 4|3 2 1"},
		{"before_seq=1", ""},
		{"before_seq=0", ""},
		{"before_seq=99&limit=1000", "7 6 5 4 3 2 1"},
	} {
		var pages []string
		at := path + "messages/?" + test.query
		for {
			l := history(t, b, token, at)
			require.Equal(t, 7, l.Count, "count is of all messages")
			require.Nil(t, l.Previous)
			pages = append(pages, contents(l))
			if l.Next == nil {
				break
			}
			at = strings.TrimPrefix(*l.Next, b.url)
		}
		require.Equal(t, test.pages, strings.Join(pages, "|"), "%s", test.query)
	}
}

func TestHistoryByChange(t *testing.T) {
	b := newBench(t)
	token, account := b.user(t, "ada")
	path, room := b.room(t, token)
	talk(t, b, token, path, 3)
	start := time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
	require.Empty(t, history(t, b, token, path+"messages/?changed_since="+start).Results)

	for _, seq := range []int64{2, 1} {
		m, err := b.store.MessagesAfter(t.Context(), room.ID, seq-1, 1)
		require.NoError(t, err)
		done := make(chan error, 1)
		b.store.PostEdit(room.ID, account.ID, m[0].ID, "edited", func(_ store.Message, err error) { done <- err })
		require.NoError(t, <-done)
	}
	l := history(t, b, token, path+"messages/?page_size=1&changed_since="+start)
	require.Equal(t, 2, l.Count)
	require.Equal(t, "edited", contents(l))
	require.NotNil(t, l.Results[0].EditedAt)
	next, err := url.Parse(*l.Next)
	require.NoError(t, err)
	require.Equal(t, start, next.Query().Get("changed_since"))
}

func TestBadHistoryQueries(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	for query, field := range map[string]string{
		"after_seq=-1":             "after_seq",
		"after_seq=x":              "after_seq",
		"before_seq=1e3":           "before_seq",
		"after_seq=1&limit=0":      "limit",
		"after_seq=1&limit=x":      "limit",
		"changed_since=yesterday":  "changed_since",
		"after_seq=1&before_seq=5": "before_seq",
		"after_seq=1&changed_since=2026-01-01T00:00:00Z":  "changed_since",
		"before_seq=1&changed_since=2026-01-01T00:00:00Z": "changed_since",
	} {
		requireFields(t, b.do(t, "GET", path+"messages/?"+query, token, nil), field)
	}
}

func TestWhatChatRefuses(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	path, _ := b.room(t, token)
	busy := protocol.Errorf(protocol.CodeUnavailable, "the queue is full")
	busy.RetryAfter = 1500 * time.Millisecond
	b.chat.err = fmt.Errorf("chat: %w", busy)
	for _, query := range []string{"", "?after_seq=0", "?before_seq=9", "?changed_since=2026-01-01T00:00:00Z"} {
		a := b.do(t, "GET", path+"messages/"+query, token, nil)
		requireProblem(t, a, protocol.CodeUnavailable)
		require.Equal(t, "2", a.header.Get("Retry-After"), "whole seconds, rounded up")
	}
}

func history(t *testing.T, b *bench, token, path string) api.List[protocol.Message] {
	t.Helper()
	a := b.do(t, "GET", path, token, nil)
	require.NotContains(t, a.raw, `"results":null`)
	return as[api.List[protocol.Message]](t, a, http.StatusOK)
}

func contents(l api.List[protocol.Message]) string {
	parts := make([]string, len(l.Results))
	for i, m := range l.Results {
		parts[i] = m.Content
	}
	return strings.Join(parts, " ")
}
