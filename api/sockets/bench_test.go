package sockets_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api/sockets"
	"parley/auth"
	"parley/cluster"
	"parley/edge"
	"parley/membership"
	"parley/protocol"
	"parley/room"
	"parley/store/sqlite"
)

// BenchmarkAdmit is what deciding on a handshake costs, over a real store: from
// memory, and by two look-ups.
func BenchmarkAdmit(b *testing.B) {
	st, err := sqlite.Open(b.Context(), sqlite.Config{Path: sqlite.MemoryPath})
	require.NoError(b, err)
	hub := room.NewHub(room.Config{}, cluster.NewMemory().Bus())
	users := auth.New(auth.Config{Argon2: auth.Argon2{MemoryKiB: 8, Passes: 1, Lanes: 1}}, st)
	rooms := membership.New(st, hub)
	gate := sockets.New(sockets.Config{
		Refusal: func(e *protocol.Error) http.Handler { return refusal{e} },
		Logger:  slog.New(slog.DiscardHandler),
	}, users, rooms, hub)
	e, err := edge.New(edge.Config{Shards: 2}, gate)
	require.NoError(b, err)
	hub.Start(e.Shards())
	b.Cleanup(func() {
		hub.Stop()
		require.NoError(b, e.Stop(context.Background()))
		require.NoError(b, st.Close())
	})
	token, account, err := users.Register(b.Context(), auth.Registration{
		Username: "ann", Email: "ann@example.com", Password: "a long password",
	})
	require.NoError(b, err)
	_, err = rooms.Create(b.Context(), protocol.User{ID: account.ID}, membership.NewRoom{Name: "room"})
	require.NoError(b, err)
	r := request()
	r.Authorization, r.Origin = "Token "+token, "http://chat.example.com"
	require.NotNil(b, gate.Admit(b.Context(), r).Open)

	b.Run("from memory", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a, ok := gate.AdmitNow(r)
			if !ok { // once in some seconds
				a = gate.Admit(b.Context(), r)
			}
			if a.Open == nil {
				b.Fatal("not admitted")
			}
		}
	})
	b.Run("from the store", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			users.ForgetProfile(account.ID)
			rooms.ForgetRoom(1)
			if gate.Admit(b.Context(), r).Open == nil {
				b.Fatal("not admitted")
			}
		}
	})
}
