package judge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/chat/judge"
	"parley/loadtest/measure"
	"parley/protocol"
)

// court is a room of three users' sockets, one each, that everybody has joined.
type court struct {
	*judge.Room
	t      *testing.T
	now    time.Time
	who    []*judge.Member
	faults map[measure.FaultKind][]string
}

// Fault implements judge.Witness.
func (c *court) Fault(kind measure.FaultKind, example string) {
	c.faults[kind] = append(c.faults[kind], example)
}

const roomID = 7

func newCourt(t *testing.T) *court {
	t.Helper()
	c := &court{t: t, now: time.Unix(1_800_000_000, 0), faults: map[measure.FaultKind][]string{}}
	c.Room = judge.NewRoom(roomID, judge.Bounds{Late: time.Second, Lost: 5 * time.Second}, c)
	for user := range int64(3) {
		c.who = append(c.who, c.Member(user+1, false))
	}
	for _, m := range c.who {
		c.come(m, false)
	}
	return c
}

func (c *court) come(m *judge.Member, resumed bool) {
	m.Welcomed(resumed, 0, c.tick())
	m.Joined(c.tick())
}

// tick moves on by a moment.
func (c *court) tick() time.Time {
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// said is a message as the server has it, by the user of a place.
func (c *court) said(from int, u judge.Utterance, seq int64) protocol.Message {
	return protocol.Message{
		ID: 100 + seq, Seq: seq, RoomID: roomID, Author: protocol.User{ID: int64(from + 1)},
		Content: u.Content, ClientMsgID: u.Tag,
	}
}

// give delivers a message to places.
func (c *court) give(p protocol.Message, places ...int) {
	c.t.Helper()
	h, ok := c.Message(p)
	require.True(c.t, ok, "%v", c.faults)
	for _, place := range places {
		c.who[place].Message(h, c.tick())
	}
}

func (c *court) typing(from int, u judge.Utterance, places ...int) {
	c.t.Helper()
	h, ok := c.Typing(protocol.Typing{User: protocol.User{ID: int64(from + 1)}, Note: u.Content})
	require.True(c.t, ok, "%v", c.faults)
	for _, place := range places {
		c.who[place].Typing(h, c.tick())
	}
}

func (c *court) say(from int) judge.Utterance { return c.who[from].Say(60, c.now, c.tick()) }

func (c *court) typed(from int) judge.Utterance { return c.who[from].Type(60, c.now, c.tick()) }

func (c *court) ack(from int, u judge.Utterance, seq int64) { c.who[from].Answered(u.ID, seq) }

// require ends the case: these faults there are and no others.
func (c *court) require(want map[measure.FaultKind]int) {
	c.t.Helper()
	c.Finish(c.now)
	got := map[measure.FaultKind]int{}
	for kind, examples := range c.faults {
		got[kind] = len(examples)
	}
	require.Equal(c.t, want, got, "%q", c.faults)
}

func none() map[measure.FaultKind]int { return map[measure.FaultKind]int{} }

func TestWhatIsRight(t *testing.T) {
	c := newCourt(t)
	a, b := c.say(0), c.say(1)
	require.False(t, c.Settled())
	c.give(c.said(0, a, 1), 0, 1, 2)
	c.ack(1, b, 2) // an ack may come before the delivery, and behind it
	c.ack(0, a, 1)
	require.False(t, c.Settled())
	c.give(c.said(1, b, 2), 0, 1, 2)
	x := c.typed(2)
	c.typing(2, x, 0, 1)
	c.ack(2, x, 0)
	require.True(t, c.Settled())
	require.EqualValues(t, 2, c.who[0].Seq())
	c.require(none())
}

func TestEachFaultIsNamed(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(c *court, a, b judge.Utterance)
		want map[measure.FaultKind]int
	}{
		"lost before another": {func(c *court, a, b judge.Utterance) {
			c.give(c.said(0, a, 1), 0, 1)
			c.give(c.said(0, b, 2), 0, 1, 2)
		}, map[measure.FaultKind]int{measure.Lost: 1}},
		"lost at the end": {func(c *court, a, b judge.Utterance) {
			c.give(c.said(0, a, 1), 0, 1, 2)
			c.give(c.said(0, b, 2), 0)
		}, map[measure.FaultKind]int{measure.Lost: 2}},
		"lost for all but acknowledged": {func(c *court, a, b judge.Utterance) {
			c.give(c.said(0, a, 1), 0, 1, 2)
		}, map[measure.FaultKind]int{measure.Lost: 3}},
		"doubled": {func(c *court, a, b judge.Utterance) {
			c.give(c.said(0, a, 1), 0, 1, 2, 2)
			c.give(c.said(0, b, 2), 0, 1, 2, 0)
		}, map[measure.FaultKind]int{measure.Doubled: 2}},
		"reordered": {func(c *court, a, b judge.Utterance) {
			c.give(c.said(0, a, 1), 0, 1)
			c.give(c.said(0, b, 2), 0, 1, 2)
			c.give(c.said(0, a, 1), 2)
		}, map[measure.FaultKind]int{measure.Reordered: 1}},
		"late": {func(c *court, a, b judge.Utterance) {
			c.give(c.said(0, a, 1), 0, 1)
			c.now = c.now.Add(2 * time.Second)
			c.give(c.said(0, a, 1), 2)
			c.give(c.said(0, b, 2), 0, 1, 2)
		}, map[measure.FaultKind]int{measure.Late: 4}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			a, b := c.say(0), c.say(0)
			c.ack(0, a, 1)
			c.ack(0, b, 2)
			test.do(c, a, b)
			c.require(test.want)
		})
	}
}

func TestForgeries(t *testing.T) {
	for name, forge := range map[string]func(m *protocol.Message){
		"another content":       func(m *protocol.Message) { m.Content += "x" },
		"a letter less":         func(m *protocol.Message) { m.Content = m.Content[:len(m.Content)-1] },
		"another author":        func(m *protocol.Message) { m.Author.ID = 2 },
		"another room":          func(m *protocol.Message) { m.RoomID = 8 },
		"another client_msg_id": func(m *protocol.Message) { m.ClientMsgID = "x" },
		"never said":            func(m *protocol.Message) { m.Content = strings.Replace(m.Content, "m1|", "m2|", 1) },
		"nothing":               func(m *protocol.Message) { *m = protocol.Message{} },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			p := c.said(0, c.say(0), 1)
			forge(&p)
			_, ok := c.Message(p)
			require.False(t, ok)
			require.Len(t, c.faults[measure.Forged], 1)
		})
	}
	c := newCourt(t)
	c.typing(0, c.typed(0), 0)
	require.Len(t, c.faults[measure.Forged], 1, "typing does not come to who typed")
	c.who[0].Answered("7-0m9.1", 1)
	c.who[0].Refused("nonsense")
	require.Len(t, c.faults[measure.Forged], 3, "answers to nothing")
	a, b := c.say(1), c.say(2)
	c.ack(1, a, 1)
	c.ack(2, b, 1)
	require.Len(t, c.faults[measure.Forged], 4, "one seq of two messages")
}

func TestAnswers(t *testing.T) {
	c := newCourt(t)
	a := c.say(0)
	c.give(c.said(0, a, 1), 0, 1, 2)
	c.require(map[measure.FaultKind]int{measure.Lost: 1})
	require.Contains(t, c.faults[measure.Lost][0], "the answer to 7-0m1")

	c = newCourt(t)
	a = c.say(0)
	_, first := c.who[0].Answered(a.ID, 1)
	require.True(t, first)
	_, first = c.who[0].Answered(a.ID, 1)
	require.False(t, first)
	c.give(c.said(0, a, 1), 0, 1, 2)
	c.require(map[measure.FaultKind]int{measure.Doubled: 1})

	c = newCourt(t)
	_, first = c.who[0].Refused(c.say(0).ID)
	require.True(t, first)
	c.require(none())
}

func TestWhoComesBackMissesNothing(t *testing.T) {
	for name, resumed := range map[string]bool{"resumed": true, "afresh": false} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			lost := c.say(2)
			c.who[2].Gone()
			a := c.say(0)
			c.ack(0, a, 1)
			c.give(c.said(0, a, 1), 0, 1)
			c.now = c.now.Add(3 * time.Second)
			c.Sweep(c.now)
			require.True(t, c.who[0].Present())
			require.False(t, c.who[2].Present())
			c.who[2].Welcomed(resumed, 1, c.tick())
			again := c.who[2].Again(c.now)
			require.Len(t, again, 1)
			require.Equal(t, lost.Tag, again[0].Tag)
			require.NotEqual(t, lost.ID, again[0].ID)
			c.give(c.said(0, a, 1), 2)
			c.ack(2, lost, 2) // of both attempts, each once
			c.ack(2, again[0], 2)
			c.give(c.said(2, lost, 2), 0, 1, 2)
			require.True(t, c.Settled())
			c.require(none())
		})
	}
}

func TestStoredTwice(t *testing.T) {
	c := newCourt(t)
	a := c.say(0)
	c.give(c.said(0, a, 1), 0, 1, 2)
	c.ack(0, a, 2)
	require.Contains(t, c.faults[measure.Doubled][0], "stored twice, as seq 1 and 2")
}

func TestTypingIsDueToWhoIsThere(t *testing.T) {
	c := newCourt(t)
	c.who[2].Gone()
	one := c.typed(0)
	c.ack(0, one, 0)
	c.typing(0, one, 1)
	c.come(c.who[2], false)
	two, three := c.typed(0), c.typed(0)
	c.ack(0, three, 0)
	c.typing(0, two, 1, 2)
	c.ack(0, two, 0)
	c.typing(0, three, 1)
	c.require(map[measure.FaultKind]int{measure.Lost: 1})
	require.Contains(t, c.faults[measure.Lost][0], "typing 3 (7-0t3 of member 0 (user 1)) never came to member 2 (user 3)")
}

// Whether the server had what was typed last before the socket was lost is not
// known: it may come, late for some, or not at all.
func TestTypingOfWhoWasCutMayComeOrNot(t *testing.T) {
	c := newCourt(t)
	one := c.typed(0)
	c.who[0].Gone()
	c.come(c.who[0], true)
	c.Sweep(c.now)
	c.typing(0, one, 1)
	c.Sweep(c.now)
	c.typing(0, one, 2)
	unsent := c.typed(0)
	c.who[0].Unsent(unsent.Tag)
	three := c.typed(0)
	c.ack(0, three, 0)
	c.typing(0, three, 1, 2)
	require.True(t, c.Settled())
	c.require(none())
}

func TestLongRunsAreForgotten(t *testing.T) {
	c := newCourt(t)
	first := c.say(0)
	c.ack(0, first, 1)
	c.give(c.said(0, first, 1), 0, 1)
	c.who[2].Gone()
	for range 30 {
		c.now = c.now.Add(time.Second)
		c.Sweep(c.now)
	}
	c.come(c.who[2], false)
	c.give(c.said(0, first, 1), 2) // as it is, without what was known of it
	c.who[0].Answered(first.ID, 1)
	require.Len(t, c.faults[measure.Forged], 1, "an answer after so long is to nothing")
	delete(c.faults, measure.Forged)
	c.require(none())
}
