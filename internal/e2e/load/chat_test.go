package load

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/chat"
	"parley/loadtest/measure"
)

// smallChat is a chat of two seconds: some hundred messages, so few that the bounds
// on their deliveries are far from what even a busy machine needs for all of them.
func smallChat() chat.Options {
	o := chat.Defaults()
	o.Sockets, o.Rooms, o.Zipf, o.Users, o.Rate, o.Typing = 20, 2, 0, 12, 60, 0.4
	o.Duration, o.Late, o.Lost = 2*time.Second, 9*time.Second, 10*time.Second
	return o
}

// chatting aims a chat at a server.
func chatting(t *testing.T, url string, o chat.Options) aimed {
	t.Helper()
	l, err := chat.New(o)
	require.NoError(t, err)
	return aimed{l, aim(t, url)}
}

// faults are how many there were of each kind.
func faults(got measure.Snapshot) map[measure.FaultKind]int64 {
	found := map[measure.FaultKind]int64{}
	for kind, f := range got.Faults {
		found[kind] = f.Count
	}
	return found
}

func TestChatOfARightServerHasNoFaults(t *testing.T) {
	t.Parallel()
	node := startNode(t)
	loads, options := map[string]aimed{}, map[string]chat.Options{}
	for name, change := range map[string]func(o *chat.Options){
		"at ease":          func(*chat.Options) {},
		"plain sockets":    func(o *chat.Options) { o.Plain = true },
		"who comes back":   func(o *chat.Options) { o.Reconnect, o.ReconnectEvery, o.Away = 0.5, time.Second, 500*time.Millisecond },
		"who reads slowly": func(o *chat.Options) { o.Slow, o.SlowFor, o.SlowEvery = 0.5, 500*time.Millisecond, time.Second },
	} {
		o := smallChat()
		change(&o)
		loads[name], options[name] = chatting(t, node, o), o
	}
	// The meddler changes nothing: what there is elsewhere is its faults' doing.
	loads["behind a proxy"], options["behind a proxy"] = chatting(t, new(meddler).start(t, node), smallChat()), smallChat()
	for name, got := range together(t, loads) {
		t.Run(name, func(t *testing.T) {
			o := options[name]
			require.Empty(t, got.Faults)
			require.EqualValues(t, o.Sockets, got.Stages["connect"].Done())
			require.Zero(t, got.Stages["send"].Failed, "%+v", got.Stages["send"].Causes)
			said := got.Counters["messages"] + got.Counters["typings"]
			require.Positive(t, said)
			require.Greater(t, got.Counters["deliveries"], 2*said)
			if o.Reconnect > 0 {
				require.LessOrEqual(t, got.Stages["send"].Done(), said)
				require.Positive(t, got.Counters["cuts"])
				require.Positive(t, got.Counters["resumes"])
			} else {
				require.Equal(t, said, got.Stages["send"].Done())
			}
		})
	}
}

// Each socket suffers one fault, or one delivery in a hundred does; each is found, and
// no other.
func TestChatNamesTheFaultsOfABrokenServer(t *testing.T) {
	t.Parallel()
	const message, typing, ack = `"type":"chat_message"`, `"type":"typing"`, `"type":"ack"`
	const lost, doubled, reordered, forged = measure.Lost, measure.Doubled, measure.Reordered, measure.Forged
	type broken struct {
		server *meddler
		want   []measure.FaultKind
	}
	servers := map[string]broken{
		"loses messages":   {new(meddler).nth(5, message, lose), []measure.FaultKind{lost}},
		"loses 1 %":        {new(meddler).every(100, message, lose), []measure.FaultKind{lost}},
		"doubles 1 %":      {new(meddler).every(100, message, double), []measure.FaultKind{doubled}},
		"doubles messages": {new(meddler).nth(5, message, double), []measure.FaultKind{doubled}},
		"swaps messages":   {new(meddler).swap(5, message), []measure.FaultKind{reordered}},
		"forges messages":  {new(meddler).nth(5, message, change("|", "!")), []measure.FaultKind{forged, lost}},
		"loses typing":     {new(meddler).nth(3, typing, lose), []measure.FaultKind{lost}},
		"doubles typing":   {new(meddler).nth(3, typing, double), []measure.FaultKind{doubled}},
		"swaps typing":     {new(meddler).swap(3, typing), []measure.FaultKind{reordered}},
		"forges typing":    {new(meddler).nth(3, typing, change("|", "!")), []measure.FaultKind{forged, lost}},
		"loses acks":       {new(meddler).nth(1, ack, lose), []measure.FaultKind{lost}},
		"doubles acks":     {new(meddler).nth(1, ack, double), []measure.FaultKind{doubled}},
	}
	node, loads := startNode(t), map[string]aimed{}
	for name, b := range servers {
		o := smallChat()
		if name == "swaps typing" { // each user's has an order of its own: one is heard
			o.Sockets, o.Rooms, o.Users = 2, 1, 2
		}
		loads[name] = chatting(t, b.server.start(t, node), o)
	}
	for name, got := range together(t, loads) {
		t.Run(name, func(t *testing.T) {
			spoilt := servers[name].server.spoilt.Load()
			require.Positive(t, spoilt, "nothing was broken")
			want := map[measure.FaultKind]int64{}
			for _, kind := range servers[name].want {
				want[kind] = spoilt
			}
			require.Equal(t, want, faults(got), "%+v", got.Faults)
		})
	}
}

// What is delayed is late, and so is what the socket was to bring behind it; nothing
// is lost or out of order by it.
func TestADelayOfChatIsLate(t *testing.T) {
	t.Parallel()
	const delay = 700 * time.Millisecond
	m := new(meddler).nth(5, `"type":"chat_message"`, func(frame string) []string {
		<-time.After(delay)
		return []string{frame}
	})
	o := smallChat()
	o.Late, o.Lost = delay-200*time.Millisecond, 30*time.Second
	got := alone(t, chatting(t, m.start(t, startNode(t)), o))
	require.Positive(t, m.spoilt.Load())
	require.GreaterOrEqual(t, got.Faults[measure.Late].Count, m.spoilt.Load(), "a delay is more than the bound")
	require.Len(t, got.Faults, 1, "%+v", got.Faults)
	require.Contains(t, got.Faults[measure.Late].Examples[0], " came to member ")
}
