package sockets_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

func TestWhatIsRememberedIsNotAskedFor(t *testing.T) {
	h := open(t)
	h.recognizes, h.remembers = true, true
	r := request()
	r.Protocols = []string{"parley.v1"}
	for range 3 {
		h.lookups = nil
		a, ok := h.AdmitNow(r)
		require.True(t, ok)
		require.Equal(t, "ok", a.Result)
		require.Equal(t, "parley.v1", a.Protocol)
		require.NotNil(t, a.Shard)
		require.NotNil(t, a.Open)
		require.Equal(t, []lookup{{"login", "memory"}, {"participant", "memory"}}, h.lookups)
	}
	require.Empty(t, h.asked)
}

// Each fact is asked for by itself, and counted once for a handshake.
func TestWhatIsNotRememberedIsAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(h *house, r *edge.Request)
		asked   []string
		lookups []lookup
	}{
		"nothing known": {
			func(*house, *edge.Request) {},
			[]string{"token good"},
			[]lookup{{"login", "store"}, {"participant", "store"}},
		},
		"the token known": {
			func(h *house, _ *edge.Request) { h.recognizes = true },
			nil,
			[]lookup{{"login", "memory"}, {"participant", "store"}},
		},
		"the participant known": {
			func(h *house, _ *edge.Request) { h.remembers = true },
			[]string{"token good"},
			[]lookup{{"login", "store"}, {"participant", "memory"}},
		},
		"a ticket": {
			func(h *house, r *edge.Request) {
				h.recognizes, h.remembers = true, true
				r.Authorization, r.RawQuery = "", "ticket=once"
			},
			[]string{"ticket once"},
			[]lookup{{"login", "store"}, {"participant", "memory"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, r := open(t), request()
			c.change(h, r)
			_, ok := h.AdmitNow(r)
			require.False(t, ok)
			require.Empty(t, h.asked)
			require.Empty(t, h.lookups)
			require.NotNil(t, h.Admit(t.Context(), r).Open)
			require.Equal(t, c.asked, h.asked)
			require.Equal(t, c.lookups, h.lookups)
		})
	}
}

// No memory opens another room, or is of use with another token.
func TestMemoryIsOfOneRight(t *testing.T) {
	h := open(t)
	h.recognizes, h.remembers = true, true
	for _, change := range []func(r *edge.Request){
		func(r *edge.Request) { r.Path = "/ws/room/2/" },
		func(r *edge.Request) { r.Authorization = "Token bad" },
		func(r *edge.Request) { r.Authorization = "" },
	} {
		r := request()
		change(r)
		_, ok := h.AdmitNow(r)
		require.False(t, ok, "%+v", r)
		require.NotZero(t, h.Admit(t.Context(), r).Close.Code)
	}
}

func TestARefusalThatNeedsNoLookUpIsGivenAtOnce(t *testing.T) {
	h := open(t)
	for _, change := range []func(r *edge.Request){
		func(r *edge.Request) { r.Path = "/ws/game/1/" },
		func(r *edge.Request) { r.Origin = "http://evil.example.com" },
		func(r *edge.Request) { r.RawQuery = "since_seq=x" },
	} {
		r := request()
		change(r)
		now, ok := h.AdmitNow(r)
		require.True(t, ok)
		later := h.Admit(t.Context(), r)
		require.Equal(t, later.Result, now.Result)
		require.Equal(t, later.Refuse, now.Refuse)
		require.NotNil(t, now.Refuse)
	}
	require.Empty(t, h.asked)
}

// The one allocation is the function that opens the session.
func TestAdmittingNowHardlyAllocates(t *testing.T) {
	h := open(t)
	h.recognizes, h.remembers = true, true
	for name, change := range map[string]func(r *edge.Request){
		"header":      func(*edge.Request) {},
		"own page":    func(r *edge.Request) { r.Origin = "http://chat.example.com" },
		"subprotocol": func(r *edge.Request) { r.Protocols = []string{"parley.v1", "parley.token.good"} },
		"query":       func(r *edge.Request) { r.Authorization, r.RawQuery = "", "since_seq=41&token=good" },
		"with cookie": func(r *edge.Request) { r.Cookie = "parley_token=other; a=b" },
	} {
		t.Run(name, func(t *testing.T) {
			r := request()
			change(r)
			require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
				h.lookups = h.lookups[:0]
				if a, ok := h.AdmitNow(r); !ok || a.Open == nil {
					t.Fatal("not admitted")
				}
			}), 1.0)
		})
	}
}
