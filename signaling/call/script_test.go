package call_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// TestScripts plays every script in testdata and compares the actions printed.
// After a deliberate change `go test ./signaling/call -run TestScripts -rewrite`
// writes them anew.
//
//	new [max=N] [bytes=N]              a fresh call; each script starts with one without limits
//	connect s=1 user=7:alice peer=p1
//	join s=1 [peer=p2]                 peer: the id to use after a leave
//	leave s=1
//	suspend s=1 until=12:00:20
//	resume s=1
//	disconnect s=1 reason=timeout
//	relay s=1 [user=8] [peer=p2] [type=offer] [frame=1] [bytes=10]   no target: broadcast; no type: signal
//	arrived s=1 from=2 type=offer epoch=2 frame=1
//	return s=1 peer=p2 boot=n2 type=offer epoch=2 frame=1
//	state                              the snapshot that a new socket is sent
//	retry s=1                          what has come back is sent again
//	dead boot=n2                       from now on
//	follow                             what was agreed on meanwhile
//
// Of a call on several nodes, `new` has boot=n1, and connect conn=c1; connect and join have formerly=c2.
// An event that has at=n2 happens there, and this node follows; or, with later, does
// not yet.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		c := call.New(call.Config{})
		var cfg call.Config
		var ahead *call.Roster // that is to be followed
		dead := mortals{}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "new":
				cfg, ahead = call.Config{Nodes: dead}, nil
				d.MaybeScanArgs(t, "max", &cfg.MaxPeers)
				d.MaybeScanArgs(t, "bytes", &cfg.ParkedBytes)
				d.MaybeScanArgs(t, "boot", &cfg.Boot)
				c = call.New(cfg)
				return render(nil)
			case "dead":
				var boot string
				d.ScanArgs(t, "boot", &boot)
				dead[boot] = true
				return render(nil)
			case "follow":
				actions := c.Follow(*ahead)
				ahead = nil
				return render(actions)
			case "retry":
				var session int
				d.ScanArgs(t, "s", &session)
				return render(c.Retry(call.SessionID(session)))
			case "state":
				return renderState(c.State()) + "\n"
			}
			if !d.HasArg("at") {
				return render(c.Step(parseEvent(t, d)))
			}
			there, now := cfg, c.Roster()
			d.ScanArgs(t, "at", &there.Boot)
			if ahead != nil {
				now = *ahead
			}
			other := call.From(there, now)
			other.Step(parseEvent(t, d))
			now = other.Roster()
			if ahead = &now; d.HasArg("later") {
				return render(nil)
			}
			actions := c.Follow(now)
			ahead = nil
			return render(actions)
		})
	})
}

// mortals are the nodes that are dead.
type mortals map[string]bool

func (m mortals) Dead(boot string) bool { return m[boot] }

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
			Conn:    arg("conn"), Formerly: arg("formerly"),
		}
	case "arrived":
		return call.Arrived{
			From: call.SessionID(number(t, arg("from"))), Session: s, Type: protocol.Type(arg("type")),
			Epoch: number(t, arg("epoch")), Frame: call.FrameID(number(t, arg("frame"))),
		}
	case "return":
		return call.Return{
			Session: s, PeerID: arg("peer"), Boot: arg("boot"), Type: protocol.Type(arg("type")),
			Epoch: number(t, arg("epoch")), Frame: call.FrameID(number(t, arg("frame"))),
		}
	case "join":
		return call.Join{Session: s, NextPeerID: arg("peer"), Formerly: arg("formerly")}
	case "leave":
		return call.Leave{Session: s}
	case "suspend":
		until, err := time.Parse(time.TimeOnly, arg("until"))
		require.NoError(t, err, "%s: suspend needs until=<hh:mm:ss>", d.Pos)
		return call.Suspend{Session: s, Until: until}
	case "resume":
		return call.Resume{Session: s}
	case "disconnect":
		return call.Disconnect{Session: s, Reason: protocol.LeaveReason(arg("reason"))}
	case "relay":
		return parseRelay(t, d, s)
	default:
		d.Fatalf(t, "unknown command %q", d.Cmd)
		return nil
	}
}

func parseRelay(t *testing.T, d *datadriven.TestData, s call.SessionID) call.Relay {
	t.Helper()
	var peer, typ, frame string
	r := call.Relay{Session: s}
	for key, into := range map[string]*string{"peer": &peer, "type": &typ, "frame": &frame} {
		d.MaybeScanArgs(t, key, into)
	}
	d.MaybeScanArgs(t, "bytes", &r.Bytes)
	if d.HasArg("user") {
		var user string
		d.ScanArgs(t, "user", &user)
		r.Target.UserID = number(t, user)
	}
	if frame != "" {
		r.Frame = call.FrameID(number(t, frame))
	}
	r.Target.PeerID, r.Type = []byte(peer), protocol.Type(typ)
	return r
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	require.NoError(t, err)
	return n
}
