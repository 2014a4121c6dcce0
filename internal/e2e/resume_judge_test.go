package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// spoil returns what a server would have sent that drops, doubles or swaps frames.
func spoil() map[string]func([]client.Frame) []client.Frame {
	return map[string]func([]client.Frame) []client.Frame{
		"drop":   func(all []client.Frame) []client.Frame { return append(all[:1:1], all[2:]...) },
		"double": func(all []client.Frame) []client.Frame { return append(all[:2:2], all[1:]...) },
		"swap":   func(all []client.Frame) []client.Frame { all[0], all[1] = all[1], all[0]; return all },
	}
}

func made(t *testing.T, typ protocol.Type, data any) client.Frame {
	t.Helper()
	b, err := json.Marshal(data)
	require.NoError(t, err)
	return client.Frame{Type: typ, Data: b}
}

// said is a record of one stream, whose welcome names no message.
func said(t *testing.T, all []client.Frame) *client.Record {
	t.Helper()
	none := int64(0)
	r := &client.Record{}
	r.Add(made(t, protocol.TypeWelcome, protocol.Welcome{LastSeq: &none}))
	for _, f := range all {
		r.Add(f)
	}
	return r
}

func TestModelSeesSpoiltMessages(t *testing.T) {
	right := func() (all []client.Frame) {
		for seq := range int64(4) {
			all = append(all, made(t, protocol.TypeChatMessage, protocol.Message{Seq: seq + 1}))
		}
		return all
	}
	require.NoError(t, seqs(said(t, right()).Streams(), nil, 4))
	require.Error(t, seqs(said(t, right()).Streams(), nil, 5), "the end is missing")
	for name, change := range spoil() {
		require.Error(t, seqs(said(t, change(right())).Streams(), nil, 4), name)
	}
}

func TestModelSeesSpoiltSignals(t *testing.T) {
	who := func(id int64) *line {
		u := &client.User{Account: protocol.Account{ID: id, Username: fmt.Sprint("user", id)}}
		return &line{traveller: &traveller{far: &distant{User: u}}, kind: protocol.ChannelCall}
	}
	ann, bob := who(1), who(2)
	ann.sent = []outcome{delivered, queued, delivered, unknown, turnedDown}
	s := &schedule{model: &model{}, lines: []*line{ann, bob}}
	judge := func(all []client.Frame) error {
		bob.tracked = &tracked{Record: said(t, all)}
		return s.model.signals(s, bob)
	}
	signal := func(n int) client.Frame { return made(t, protocol.TypeSignal, counted{From: 1, N: n}) }
	right := func() []client.Frame { return []client.Frame{signal(0), signal(1), signal(2)} }
	require.NoError(t, judge(right()))
	require.NoError(t, judge(append(right(), signal(3))), "the answer was lost")
	require.Error(t, judge(append(right(), signal(4))), "it was refused")
	for name, change := range spoil() {
		require.Error(t, judge(change(right())), name)
	}
	bob.broken = true
	require.NoError(t, judge(right()[1:]), "who was away misses some")
	require.Error(t, judge([]client.Frame{signal(2), signal(1)}), "but not their order")
}

func TestModelSeesGhostsAndLeaves(t *testing.T) {
	u := &client.User{Account: protocol.Account{ID: 1, Username: "ann"}}
	chat := &line{traveller: &traveller{far: &distant{User: u}}, kind: protocol.ChannelChat}
	call := &line{traveller: &traveller{far: &distant{User: u}}, kind: protocol.ChannelCall}
	state := func(list ...protocol.CallParticipant) client.Frame {
		return made(t, protocol.TypeCallState, protocol.CallState{Participants: list})
	}
	seen := func(all ...client.Frame) error {
		s := &schedule{lines: []*line{chat, call}, eve: &tracked{Record: said(t, all)}}
		return (&model{}).leaves(s)
	}
	active := protocol.CallParticipant{UserID: 1, State: protocol.ParticipantActive}
	suspended := protocol.CallParticipant{UserID: 1, State: protocol.ParticipantSuspended}
	online := made(t, protocol.TypeUserOnline, protocol.PresenceChange{User: protocol.User{ID: 1}})
	offline := made(t, protocol.TypeUserOffline, protocol.PresenceChange{User: protocol.User{ID: 1}})
	require.NoError(t, seen(online, state(active), state(suspended), state(active)))
	require.Error(t, seen(online, offline, online))
	require.Error(t, seen(state(active), state(), state(active)))

	require.True(t, present([]client.Frame{online}, chat))
	require.False(t, present([]client.Frame{online, offline}, chat))
	require.True(t, present([]client.Frame{state(suspended)}, call))
	require.False(t, present([]client.Frame{state(suspended), state()}, call))
}
