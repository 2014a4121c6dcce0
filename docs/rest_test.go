package docs_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/configs"
	"parley/internal/nodetest"
	"parley/loadtest/client"
	"parley/protocol"
)

// example is a request that docs/api.md shows, and its answer.
type example struct {
	route  string // "GET /api/rooms/{id}/"
	query  string // with its question mark
	as     string // who asks
	body   string // of the request; empty: none
	status int
	answer string // empty: no body
}

// TestRESTExamples makes every request of docs/api.md on a fresh node, and
// compares what comes with what is shown.
func TestRESTExamples(t *testing.T) {
	examples := restExamples(t, read(t, apiFile))
	for _, e := range examples {
		t.Run(e.route+e.query, func(t *testing.T) { e.check(t, newWorld(t)) })
	}
	for _, r := range api.Routes() {
		shown := strings.Replace(r.String(), "/api/chat/", "/api/rooms/", 1) // the alias
		found := false
		for _, e := range examples {
			found = found || e.route == shown
		}
		public := strings.HasPrefix(r.Path, "/api/openapi") || strings.HasPrefix(r.Path, "/api/docs") // too long to show
		require.True(t, found || public, "%s has no example", r)
	}
}

// restExamples reads the sections whose heading is a route.
func restExamples(t *testing.T, d document) (found []example) {
	t.Helper()
	for _, h := range d.headings {
		route, isRoute := strings.CutPrefix(h.text, "`")
		route, isCode := strings.CutSuffix(route, "`")
		if !isRoute || !isCode || !strings.Contains(route, " /api/") {
			continue
		}
		base := example{route: route, as: "ann"}
		text := sectionText(d, h)
		if m := regexp.MustCompile(`(?i)\bas\s+(bob|carl):`).FindStringSubmatch(text); m != nil {
			base.as = m[1]
		}
		if strings.Contains(text, "**204**") {
			base.status = http.StatusNoContent
		}
		shown := false
		for _, f := range d.fences {
			switch {
			case f.section() != h.text:
			case f.is("json", "request"):
				base.body = f.body
			case f.lang == "json" && len(f.args) > 0:
				e := base
				e.answer = f.body
				var err error
				e.status, err = strconv.Atoi(f.args[0])
				require.NoError(t, err, "%s:%d", d.path, f.line)
				if len(f.args) > 1 {
					e.query = f.args[1]
				}
				found = append(found, e)
				shown = true
			}
		}
		if !shown && base.status != 0 {
			found = append(found, base)
		}
	}
	require.NotEmpty(t, found)
	return found
}

// sectionText is what stands between a heading and the next.
func sectionText(d document, h heading) string {
	lines := strings.Split(d.text, "\n")[h.line:]
	for i, line := range lines {
		if strings.HasPrefix(line, "#") {
			return strings.Join(lines[:i], "\n")
		}
	}
	return strings.Join(lines, "\n")
}

func (e example) check(t *testing.T, users map[string]*client.User) {
	method, path, _ := strings.Cut(e.route, " ")
	path = strings.Replace(path, "{id}", "1", 1) + e.query
	var in any
	if e.body != "" {
		in = json.RawMessage(e.body)
	}
	var out json.RawMessage
	u := users[e.as]
	status, err := u.Do(within(t), u.Token, method, path, in, &out)
	require.NoError(t, err)
	require.Equal(t, e.status, status)
	shown, err := jsonValues(e.answer)
	require.NoError(t, err)
	real, err := jsonValues(string(out))
	require.NoError(t, err)
	require.Empty(t, differences("answer", any(shown), any(real)), "answered: %s", out)
}

// newWorld is the state that docs/api.md describes: ann owns room 1, bob is in
// it and carl is not; three messages; ann has joined the call, and bob missed hers.
func newWorld(t *testing.T) map[string]*client.User {
	t.Helper()
	n := nodetest.Start(t, func(cfg *configs.Config) {
		cfg.TURN.ICEServers = []configs.ICEServer{
			{URLs: []string{"stun:stun.example.com:3478"}},
			{URLs: []string{"turn:turn.example.com:3478?transport=udp"}},
		}
		cfg.TURN.Secret = "s3cret"
	})
	s, ctx := n.Server(), within(t)
	users := map[string]*client.User{}
	for _, name := range []string{"ann", "bob", "carl"} {
		u, err := s.Register(ctx, name, "correct horse")
		require.NoError(t, err)
		users[name] = u
	}
	ann, bob := users["ann"], users["bob"]
	require.NoError(t, ann.Call(ctx, http.MethodPatch, "/api/auth/profile/", map[string]string{"display_name": "Ann"}, nil))
	room, err := ann.CreateRoom(ctx, "Tea")
	require.NoError(t, err)
	require.NoError(t, bob.JoinRoom(ctx, room.ID))
	messages := fmt.Sprintf("/api/rooms/%d/messages/", room.ID)
	require.NoError(t, ann.Call(ctx, http.MethodPost, messages, map[string]string{"content": "Hello"}, nil))
	require.NoError(t, bob.Call(ctx, http.MethodPost, messages, map[string]string{"content": "Hi"}, nil))
	require.NoError(t, ann.Call(ctx, http.MethodPost, messages,
		map[string]string{"content": "Shall we call?", "client_msg_id": "a-1"}, nil))
	call, err := ann.OpenCall(ctx, room.ID)
	require.NoError(t, err)
	t.Cleanup(func() { _ = call.Close() })
	_, err = call.Request(ctx, protocol.TypeJoinCall, nil)
	require.NoError(t, err)
	miss(t, call, bob, room.ID)
	return users
}

// miss has a user called in vain.
func miss(t *testing.T, call *client.Socket, u *client.User, roomID int64) {
	t.Helper()
	ctx := within(t)
	chat, err := u.Open(ctx, fmt.Sprintf("/ws/room/%d/", roomID))
	require.NoError(t, err)
	defer func() { _ = chat.Close() }()
	var invited protocol.Invited
	ack, err := call.Request(ctx, protocol.TypeCallInvite, nil)
	require.NoError(t, err)
	require.NoError(t, ack.Into(&invited))
	_, err = call.Request(ctx, protocol.TypeCallCancel, protocol.InviteRef{InviteID: invited.InviteID})
	require.NoError(t, err)
	_, err = chat.Await(ctx, protocol.TypeCallMissed)
	require.NoError(t, err)
}
