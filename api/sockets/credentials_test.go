package sockets_test

import (
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
	"parley/protocol"
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

// FuzzQuery holds what the gate reads of a query against net/url.
func FuzzQuery(f *testing.F) {
	f.Add("since_seq=3&ticket=a&token=b")
	f.Add("ticket=&ticket=a&&token=%41+b&token=c")
	f.Add("tick%65t=x&since_seq=%33&since_seq=y")
	f.Add("token=a;b&%zz&=")
	f.Fuzz(func(t *testing.T, raw string) {
		h := open(t)
		a := h.Admit(t.Context(), &edge.Request{Scheme: "http", Host: "h", Path: "/ws/room/1/", RawQuery: raw})
		query, err := url.ParseQuery(raw)
		since, errSince := strconv.ParseInt(query.Get("since_seq"), 10, 64)
		switch {
		case err != nil, query.Has("since_seq") && (errSince != nil || since < 0 || since >= protocol.MaxID):
			require.Equal(t, "bad_request", a.Result)
			require.Empty(t, h.asked)
		case query.Get("ticket") != "":
			require.Equal(t, []string{"ticket " + query.Get("ticket")}, h.asked)
		default:
			require.Equal(t, []string{"token " + query.Get("token")}, h.asked)
		}
	})
}

// FuzzAdmit feeds the gate what a stranger may write: it never panics, and lets
// in nobody without the one good token or ticket.
func FuzzAdmit(f *testing.F) {
	f.Add("/ws/room/1/", "since_seq=3", "Token x", "parley_token=y", "http://h", "parley.token.z")
	f.Add("/ws/call/1", "ticket=twice", "Bearer", "a", "null", "parley.v1")
	f.Add("/ws//1", "%", " ", ";", "://", "")
	f.Fuzz(func(t *testing.T, path, query, authorization, cookie, origin, offered string) {
		h := open(t)
		r := &edge.Request{
			Scheme: "http", Host: "h", Path: path, RawQuery: query, Authorization: authorization,
			Cookie: cookie, Origin: origin, Protocols: []string{offered},
		}
		a := h.Admit(t.Context(), r)
		h.recognizes, h.remembers = true, true
		if now, ok := h.AdmitNow(r); ok {
			require.Equal(t, a.Result, now.Result)
			require.Equal(t, a.Protocol, now.Protocol)
			require.Equal(t, a.Open != nil, now.Open != nil)
			require.Equal(t, a.Refuse, now.Refuse)
		}
		switch {
		case a.Open != nil:
			require.Contains(t, []string{"token good", "ticket once"}, h.asked[0])
		default:
			require.NotEqual(t, a.Refuse != nil, a.Close.Code != 0, "refused or closed, one of the two")
		}
	})
}
