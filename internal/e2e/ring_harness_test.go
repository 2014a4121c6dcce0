package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// m is the data of a frame.
type m map[string]any

// invite sends a call_invite and returns its ack.
func invite(t *testing.T, k *client.Socket, data m) protocol.Invited {
	t.Helper()
	return request[protocol.Invited](t, k, protocol.TypeCallInvite, data)
}

// rings waits for the socket to ring.
func rings(t *testing.T, k *client.Socket) protocol.IncomingCall {
	t.Helper()
	return await[protocol.IncomingCall](t, k, protocol.TypeIncomingCall)
}

// named is the data of a frame about an invite.
func named(invite string) m { return m{"invite_id": invite} }

// missedCalls is a user's list as REST tells it.
func missedCalls(t *testing.T, u *client.User) []protocol.MissedCall {
	t.Helper()
	var page struct{ Results []protocol.MissedCall }
	require.NoError(t, u.Call(within(t), http.MethodGet, "/api/calls/missed/?page_size=100", nil, &page))
	return page.Results
}

// user is an account as others see it.
func user(u *client.User) protocol.User {
	return protocol.User{ID: u.Account.ID, Username: u.Account.Username, DisplayName: u.Account.DisplayName}
}
