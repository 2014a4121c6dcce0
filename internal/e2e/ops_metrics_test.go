package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestMetricsShowWhatHappens(t *testing.T) {
	n := startNode(t, resumable(shortWindow))
	admin := n.AdminURL()
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	chat := watch(t, ann.user, room.ID)
	for range 3 {
		request[protocol.MessageRef](t, chat, protocol.TypeChatMessage, text("hello"))
	}
	request[protocol.Delivery](t, ann.Socket, protocol.TypeOffer, map[string]any{"target_user_id": bob.id()})
	request[protocol.Delivery](t, bob.Socket, protocol.TypeICECandidate, nil)
	refused(t, bob.Socket, protocol.TypeOffer, map[string]any{"target_user_id": bob.id()})
	refused(t, bob.Socket, "made_up", nil)

	m := scrape(t, admin)
	for name, want := range map[string]float64{
		"parley_connections":                                                                 3,
		"parley_rooms":                                                                       1,
		`parley_sessions{channel="call"}`:                                                    2,
		`parley_sessions{channel="chat"}`:                                                    1,
		`parley_handshakes_total{result="ok"}`:                                               3,
		`parley_calls{state="active"}`:                                                       1,
		`parley_calls{state="connecting"}`:                                                   0,
		"parley_call_peers":                                                                  2,
		`parley_frames_received_total{type="join_call"}`:                                     2,
		`parley_frames_received_total{type="offer"}`:                                         2,
		`parley_frames_received_total{type="other"}`:                                         1,
		`parley_frames_sent_total{type="offer"}`:                                             1,
		`parley_frames_sent_total{type="ice_candidate"}`:                                     1,
		`parley_frames_sent_total{type="chat_message"}`:                                      3,
		`parley_relays_total{delivery="delivered",type="offer"}`:                             1,
		`parley_relays_total{delivery="delivered",type="ice_candidate"}`:                     1,
		`parley_errors_sent_total{code="peer_not_found"}`:                                    1,
		`parley_errors_sent_total{code="unknown_type"}`:                                      1,
		"parley_messages_stored_total":                                                       3,
		`parley_closes_total{code="1000"}`:                                                   0,
		`parley_http_requests_total{method="POST",route="/api/auth/register/",status="201"}`: 2,
		"parley_ready": 1,
	} {
		require.Equal(t, want, m.value(t, name), name)
	}
	require.GreaterOrEqual(t, m.value(t, "parley_store_batch_size_sum"), 3.0)
	require.Positive(t, m.value(t, "parley_store_commit_seconds_count"))
	require.Positive(t, m.value(t, "go_goroutines"))
	require.Zero(t, m.value(t, `parley_shard_mailbox_depth{shard="1"}`))

	require.NoError(t, chat.Close())
	bob.Cut()
	await[protocol.UserLeft](t, ann.Socket, protocol.TypeUserLeft)
	request[struct{}](t, ann.Socket, protocol.TypeLeaveCall, nil)
	require.NoError(t, ann.user.Call(within(t), http.MethodDelete, "/api/rooms/"+idText(room.ID)+"/", nil, nil))
	require.Equal(t, protocol.CloseRoomDeleted, closeCode(t, ann.Socket))
	require.Eventually(t, func() bool { return scrape(t, admin)["parley_connections"] == 0 }, patience, patience/1000)

	m = scrape(t, admin)
	for name, want := range map[string]float64{
		`parley_closes_total{code="1000"}`: 1,
		`parley_closes_total{code="1006"}`: 1,
		`parley_closes_total{code="4410"}`: 1,
		`parley_sessions{channel="call"}`:  0,
		"parley_rooms":                     0,
		"parley_call_peers":                0,
		`parley_calls{state="active"}`:     0,
		`parley_calls{state="connecting"}`: 0,
	} {
		require.Equal(t, want, m.value(t, name), name)
	}
}

func TestAdminTellsHealthAndReadiness(t *testing.T) {
	n := startNode(t)
	admin := n.AdminURL()
	for _, path := range []string{"/healthz", "/readyz", "/debug/pprof/"} {
		status, body := get(t, admin+path)
		require.Equal(t, http.StatusOK, status, "%s: %s", path, body)
		status, _ = get(t, n.Base+path)
		require.Equal(t, http.StatusNotFound, status, "%s is not for the public", path)
	}
	status, _ := get(t, n.Base+"/metrics")
	require.Equal(t, http.StatusNotFound, status)
	_, body := get(t, admin+"/readyz")
	for _, dependency := range []string{"store", "bus", "presence"} {
		require.Contains(t, body, `"`+dependency+`"`)
	}
}
