package sockets_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

func TestWhereCredentialsAreFound(t *testing.T) {
	all := func() *edge.Request {
		return &edge.Request{
			Scheme: "http", Host: "h", Path: "/ws/room/1/",
			Protocols:     []string{"parley.v1", "parley.token.a"},
			Authorization: "Token b",
			RawQuery:      "ticket=c&token=d",
			Cookie:        "x=1; parley_token=e",
		}
	}
	for _, c := range []struct {
		change func(r *edge.Request)
		want   string
	}{
		{func(*edge.Request) {}, "token a"},
		{func(r *edge.Request) { r.Protocols = []string{"parley.token.a", "parley.v1"} }, "token a"},
		{func(r *edge.Request) { r.Protocols = []string{"parley.v1"} }, "token b"},
		{func(r *edge.Request) { r.Protocols = []string{"parley.token."} }, "token b"},
		{func(r *edge.Request) { r.Protocols, r.Authorization = nil, "bEARER  b " }, "token b"},
		{func(r *edge.Request) { r.Protocols, r.Authorization = nil, "Basic b" }, "ticket c"},
		{func(r *edge.Request) { r.Protocols, r.Authorization = nil, "b" }, "ticket c"},
		{func(r *edge.Request) { r.Protocols, r.Authorization, r.RawQuery = nil, "", "token=d&ticket=" }, "token d"},
		{func(r *edge.Request) { r.Protocols, r.Authorization, r.RawQuery = nil, "", "" }, "token e"},
		{func(r *edge.Request) {
			r.Protocols, r.Authorization, r.RawQuery, r.Cookie = nil, "", "", `a="b c"; ; é=1; parley_token=e; =`
		}, "token e"},
		{func(r *edge.Request) {
			r.Protocols, r.Authorization, r.RawQuery, r.Cookie = nil, "", "", "parley_tokens=e"
		}, "token "},
	} {
		h, r := open(t), all()
		c.change(r)
		h.Admit(t.Context(), r)
		require.Equal(t, []string{c.want}, h.asked, "%+v", r)
	}
}

// FuzzAdmit feeds the gate what a stranger may write: it never panics, and lets
// in nobody without the one good token or ticket.
func FuzzAdmit(f *testing.F) {
	f.Add("/ws/room/1/", "since_seq=3", "Token x", "parley_token=y", "http://h", "parley.token.z")
	f.Add("/ws/call/1", "ticket=twice", "Bearer", "a", "null", "parley.v1")
	f.Add("/ws//1", "%", " ", ";", "://", "")
	f.Fuzz(func(t *testing.T, path, query, authorization, cookie, origin, offered string) {
		h := open(t)
		a := h.Admit(t.Context(), &edge.Request{
			Scheme: "http", Host: "h", Path: path, RawQuery: query, Authorization: authorization,
			Cookie: cookie, Origin: origin, Protocols: []string{offered},
		})
		switch {
		case a.Open != nil:
			require.Contains(t, []string{"token good", "ticket once"}, h.asked[0])
		default:
			require.NotEqual(t, a.Refuse != nil, a.Close.Code != 0, "refused or closed, one of the two")
		}
	})
}
