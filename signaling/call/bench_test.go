package call_test

import (
	"fmt"
	"testing"

	"parley/protocol"
	"parley/signaling/call"
)

// BenchmarkRelay passes one frame on to one peer, the last that is looked at.
func BenchmarkRelay(b *testing.B) {
	for _, peers := range []int{8, 50} {
		targets := map[string]call.Target{
			"user":      {UserID: int64(peers)},
			"peer":      {PeerID: []byte(peerID(peers))},
			"broadcast": {},
		}
		for name, target := range targets {
			b.Run(fmt.Sprintf("%s/peers=%d", name, peers), func(b *testing.B) {
				c := meeting(peers)
				b.ReportAllocs()
				for b.Loop() {
					c.Step(call.Relay{Session: 1, Target: target, Type: protocol.TypeICECandidate})
				}
			})
		}
	}
}

// BenchmarkJoin lets the last of so many peers leave and join again.
func BenchmarkJoin(b *testing.B) {
	for _, peers := range []int{8, 50} {
		b.Run(fmt.Sprintf("peers=%d", peers), func(b *testing.B) {
			c := meeting(peers)
			last := call.SessionID(peers)
			b.ReportAllocs()
			for b.Loop() {
				c.Step(call.Leave{Session: last})
				c.Step(call.Join{Session: last, NextPeerID: "again"})
			}
		})
	}
}
