package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func processCall(t *testing.T, binary string) {
	p := serving(t, binary, t.TempDir())
	users := signUp(t, p.Server, "ann", "bob")
	room := meet(t, users...)
	chat := watch(t, users[0], room.ID)
	ref := request[protocol.MessageRef](t, chat, protocol.TypeChatMessage, text("call me"))
	require.EqualValues(t, 1, ref.Seq)

	ann, bob := enter(t, users[0], room.ID, withMedia), enter(t, users[1], room.ID, withMedia)
	pair := connect(t, ann, bob)[0]
	talk(t, pair, 1000)
	hear(t, pair, 20)
	require.Equal(t, "active: ann active, bob active", stateText(restState(t, users[0], room.ID)))

	m := scrape(t, p.admin)
	require.Equal(t, 3.0, m.value(t, "parley_connections"))
	require.Equal(t, 1.0, m.value(t, `parley_calls{state="active"}`))

	p.terminate(t)
	require.Equal(t, protocol.CloseRestart, closeCode(t, ann.Socket()))
	require.Equal(t, protocol.CloseRestart, closeCode(t, bob.Socket()))
	talk(t, pair, 100)
	hear(t, pair, 20)
	require.Contains(t, p.stderr.String(), "stopped")
}
