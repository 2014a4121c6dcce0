package call_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// TestScripts plays every script in testdata and compares the actions printed.
// After a deliberate change `go test ./signaling/call -run TestScripts -rewrite`
// writes them anew.
//
//	new [max=N]                        a fresh call; each script starts with one without limit
//	connect s=1 user=7:alice peer=p1
//	join s=1 [peer=p2]                 peer: the id to use after a leave
//	leave s=1
//	disconnect s=1 reason=timeout
//	relay s=1 [user=8] [peer=p2]       neither: broadcast
//	state                              the snapshot that a new socket is sent
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		c := call.New(0)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "new":
				maxPeers := 0
				d.MaybeScanArgs(t, "max", &maxPeers)
				c = call.New(maxPeers)
				return render(nil)
			case "state":
				return renderState(c.State()) + "\n"
			default:
				return render(c.Step(parseEvent(t, d)))
			}
		})
	})
}

func parseEvent(t *testing.T, d *datadriven.TestData) call.Event {
	t.Helper()
	arg := func(key string) (val string) {
		d.MaybeScanArgs(t, key, &val)
		return val
	}
	session, err := strconv.ParseUint(arg("s"), 10, 64)
	require.NoError(t, err, "%s: %s needs s=<session>", d.Pos, d.Cmd)
	s := call.SessionID(session)
	switch d.Cmd {
	case "connect":
		id, name, ok := strings.Cut(arg("user"), ":")
		require.True(t, ok, "%s: connect needs user=<id>:<name>", d.Pos)
		return call.Connect{
			Session: s,
			User:    protocol.User{ID: number(t, id), Username: name, DisplayName: name},
			PeerID:  arg("peer"),
		}
	case "join":
		return call.Join{Session: s, NextPeerID: arg("peer")}
	case "leave":
		return call.Leave{Session: s}
	case "disconnect":
		return call.Disconnect{Session: s, Reason: protocol.LeaveReason(arg("reason"))}
	case "relay":
		target := call.Target{PeerID: []byte(arg("peer"))}
		if d.HasArg("user") {
			target.UserID = number(t, arg("user"))
		}
		return call.Relay{Session: s, Target: target}
	default:
		d.Fatalf(t, "unknown command %q", d.Cmd)
		return nil
	}
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	require.NoError(t, err)
	return n
}
