package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func requireNoAllocs(t *testing.T, what string, f func()) {
	t.Helper()
	require.Zero(t, testing.AllocsPerRun(100, f), "allocations in %s", what)
}

func TestDecodeAllocatesNothing(t *testing.T) {
	for _, typ := range protocol.ClientTypes() {
		frame := []byte(`{"type":"` + string(typ) + `","id":"17","room_id":9007199254740991,"data":{"sdp":"v=0\r\n","n":[1,{"x":null}]}}`)
		requireNoAllocs(t, "Decode of "+string(typ), func() {
			if _, err := protocol.Decode(frame); err != nil {
				panic(err)
			}
		})
	}
	for _, name := range []string{"client_offer", "client_ice_candidate", "client_chat_message"} {
		frame := golden(t, name)
		requireNoAllocs(t, "Decode of "+name, func() {
			if _, err := protocol.Decode(frame); err != nil {
				panic(err)
			}
		})
	}
}

func TestRelayAllocatesNothing(t *testing.T) {
	e, err := protocol.Decode(golden(t, "client_offer"))
	require.NoError(t, err)
	requireNoAllocs(t, "ParseTarget", func() {
		if target, err := protocol.ParseTarget(e.Data); err != nil || target.UserID != 42 {
			panic("no target")
		}
	})
	from := protocol.NewSender(ann(), "p-1")
	buffer := make([]byte, 0, 8<<10)
	requireNoAllocs(t, "AppendRelay", func() {
		protocol.AppendRelay(buffer, protocol.TypeOffer, 3, from, e.Data)
	})
}
