package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

func TestSocketsPerUser(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Limits.SocketsPerUser = 2 }), "ann", "bob")
	first, call := c.joined(t, 0), openCall(t, c.users[0], c.room.ID)
	next[protocol.Welcome](t, call, protocol.TypeWelcome)
	require.Equal(t, protocol.CloseRateLimited, closeCode(t, openChat(t, c.users[0], c.room.ID, "")))
	require.Equal(t, protocol.CloseRateLimited, closeCode(t, openCall(t, c.users[0], c.room.ID)))
	c.joined(t, 1) // others are not concerned
	require.NoError(t, call.Close())
	await[protocol.CallState](t, first, protocol.TypeCallState) // it came
	await[protocol.CallState](t, first, protocol.TypeCallState) // and is gone
	c.joined(t, 0)
}

func TestSocketsPerAddress(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Limits.SocketsPerAddress = 2 }), "ann", "bob")
	c.joined(t, 0)
	c.joined(t, 1)
	require.Equal(t, protocol.CloseRateLimited, closeCode(t, openChat(t, c.users[0], c.room.ID, "")))
}

func TestLimitsTurnedOff(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) {
		cfg.Limits.Enabled = false
		cfg.Limits.SocketsPerUser, cfg.Limits.SocketsPerAddress = 1, 1
	}), "ann")
	for range 4 {
		c.joined(t, 0)
	}
}

func TestMessageCharsAreConfigurable(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) { cfg.Limits.MessageChars = 3 }), "ann")
	ann := c.joined(t, 0)
	say(t, ann, "\U0001f600\U0001f600\U0001f600")
	require.Equal(t, protocol.CodeMessageTooLong, refused(t, ann, protocol.TypeChatMessage, text("abcd")))
}

// One who does not read is closed 4513 when too much waits for them; the others
// miss nothing.
func TestSlowReaderIsClosed(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, func(cfg *configs.Config) {
		cfg.Edge.ResumeWindow = 100 * time.Millisecond // after which the others are told
	}), "ann", "bob", "slow")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	conn, _, err := c.dialBare(t, 2, c.socket(""), narrow(t))
	require.NoError(t, err)
	reader := newBareReader(conn)
	require.Equal(t, protocol.TypeWelcome, reader.next(t).Type)
	require.Equal(t, protocol.TypePresenceState, reader.next(t).Type)
	await[protocol.PresenceChange](t, bob, protocol.TypeUserOnline)

	big := strings.Repeat("\U0001f600", 4000)
	sent := 0
	for offline := false; !offline; {
		require.Less(t, sent, 2000, "16 KB each, and the reader who takes none is still there")
		fill(t, ann, 8, big)
		sent += 8
		for got := 0; got < 8; {
			f, err := bob.Next(within(t))
			require.NoError(t, err, "bob reads, and stays")
			switch f.Type {
			case protocol.TypeChatMessage:
				got++
			case protocol.TypeUserOffline:
				offline = true
			}
		}
	}
	require.EqualValues(t, protocol.CloseSlowReader, bareCode(t, conn))
	require.EqualValues(t, sent+1, say(t, bob, "the others go on").Seq)
}

// Many large messages at once are no reason to close those who read.
func TestBurstOfLargeMessagesClosesNobody(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	const n = 150
	fill(t, ann, n, strings.Repeat("\U0001f600", 4000))
	requireSeqs(t, 1, messages(t, bob, n))
	still(t, bob)
}
