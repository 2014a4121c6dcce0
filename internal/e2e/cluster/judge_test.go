package cluster

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// The trials of these tests have one room, two users, and a client of each, which has
// the room's chat and its call.
const (
	place1     = int64(1)
	ann, bob   = int64(11), int64(12)
	annP, bobP = "peer-a", "peer-b"
)

func in() About { return About{place1} }

// at places facts on one socket, a tenth of a second after each other.
func at(facts ...Fact) (all []Event) {
	for i, f := range facts {
		all = append(all, Event{At: time.Duration(i) * 100 * time.Millisecond, Socket: 1, Node: "n1", Fact: f})
	}
	return all
}

func message(seq, author int64, id string) protocol.Message {
	return protocol.Message{ID: 100 + seq, Seq: seq, RoomID: place1, Author: protocol.User{ID: author}, ClientMsgID: id}
}

func shown(seq int64, id string) Shown {
	return Shown{in(), protocol.MessageRef{ID: 100 + seq, Seq: seq}, id}
}

func both() Called {
	return Called{in(), []protocol.CallParticipant{
		{UserID: ann, PeerID: annP, State: protocol.ParticipantActive}, {UserID: bob, PeerID: bobP, State: protocol.ParticipantActive},
	}}
}

// right is a trial in which all is as promised.
func right() Trial {
	a := at(
		Welcomed{}, Begun{in(), 0}, Present{in(), []int64{ann}}, Posted{in(), "a0"}, shown(1, "a0"),
		Stored{in(), "a0", protocol.MessageRef{ID: 101, Seq: 1}}, Joined{in(), annP, nil}, Appeared{in(), bob, true},
		shown(2, "b0"), PeerCame{in(), bobP, bob}, both(), Signaled{in(), 1, protocol.TypeOffer, bobP},
		Answered{in(), 1, protocol.Delivered, 1, ""}, Heard{in(), 2, protocol.TypeSignal, bobP, 0}, Beat{},
	)
	b := at(
		Welcomed{}, Begun{in(), 0}, shown(1, "a0"), Present{in(), []int64{ann, bob}}, Posted{in(), "b0"}, shown(2, "b0"),
		Stored{in(), "b0", protocol.MessageRef{ID: 102, Seq: 2}}, Joined{in(), bobP, []string{annP}}, both(),
		Heard{in(), 1, protocol.TypeOffer, annP, 1}, Signaled{in(), 2, protocol.TypeSignal, annP}, Answered{in(), 2, protocol.Delivered, 0, ""}, Beat{},
	)
	rooms := []int64{place1}
	return Trial{
		Lines:     []Line{{"ann", ann, rooms, rooms, a}, {"bob", bob, rooms, rooms, b}},
		Histories: map[int64][]protocol.Message{place1: {message(1, ann, "a0"), message(2, bob, "b0")}},
		Answers:   map[int64][]protocol.CallState{place1: {{Participants: both().Participants}}},
		Terms:     Terms{Lease: 12 * time.Second, Window: 20 * time.Second, Slack: 5 * time.Second, MostIn: 4},
	}
}

// then has a line note more, from a time on.
func (t *Trial) then(line int, from time.Duration, facts ...Fact) {
	for i, e := range at(facts...) {
		e.At, e.Socket = e.At+from, i+2
		t.Lines[line].Events = append(t.Lines[line].Events, e)
	}
}

// change replaces those of a line's facts that are equal to one, by none or several.
func (t *Trial) change(line int, fact Fact, by ...Fact) {
	events := t.Lines[line].Events
	i := slices.IndexFunc(events, func(e Event) bool {
		same := func() (same bool) {
			defer func() { _ = recover() }() // some facts hold lists, which cannot be compared
			return e.Fact == fact
		}
		return same()
	})
	if i < 0 {
		panic("no such fact")
	}
	var put []Event
	for _, f := range by {
		e := events[i]
		e.Fact = f
		put = append(put, e)
	}
	t.Lines[line].Events = slices.Replace(slices.Clone(events), i, i+1, put...)
}

func rules(bad []Violation) (all []string) {
	for _, v := range bad {
		all = append(all, v.Rule)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestARightTrialIsFoundRight(t *testing.T) {
	require.Empty(t, Judge(right()))
	require.Empty(t, Unsettled(right()))
}

// forgery spoils a right trial.
type forgery struct {
	name  string
	rule  string
	forge func(*Trial)
}

func chatForgeries() []forgery {
	return []forgery{
		{"an acknowledged message is not stored", "history", func(t *Trial) { t.Histories[place1] = t.Histories[place1][:1] }},
		{"one is stored twice", "history", func(t *Trial) { t.Histories[place1] = append(t.Histories[place1], message(3, bob, "b0")) }},
		{"one is stored that nobody sent", "history", func(t *Trial) { t.Histories[place1] = append(t.Histories[place1], message(3, bob, "b1")) }},
		{"one is stored as another's", "history", func(t *Trial) { t.Histories[place1][1].Author.ID = ann }},
		{"seq has a gap", "history", func(t *Trial) { t.Histories[place1][1].Seq = 3 }},
		{"two acknowledgements differ", "history", func(t *Trial) {
			t.then(0, 2*time.Second, Stored{in(), "a0", protocol.MessageRef{ID: 102, Seq: 2}})
		}},
		{"a client misses a message", "order", func(t *Trial) { t.change(1, shown(1, "a0")) }},
		{"sees one twice", "order", func(t *Trial) { t.change(1, shown(2, "b0"), shown(2, "b0"), shown(2, "b0")) }},
		{"sees two in another order", "order", func(t *Trial) {
			t.change(0, shown(1, "a0"), shown(2, "b0"), shown(1, "a0"))
		}},
		{"sees another message at a seq", "order", func(t *Trial) { t.change(0, shown(2, "b0"), shown(2, "b1")) }},
		{"a resumed session loses a message", "order", func(t *Trial) {
			t.change(0, shown(2, "b0"), Lost{}, Welcomed{Resumed: true})
			t.then(0, 2*time.Second, shown(3, "b1"))
		}},
		{"a resumed session gets one again", "order", func(t *Trial) { t.then(0, 2*time.Second, Lost{}, Welcomed{Resumed: true}, shown(2, "b0")) }},
		{"a message is refused", "ends", func(t *Trial) { t.then(0, 2*time.Second, Refused{in(), "a1", protocol.CodeInternal}) }},
		{"a client is sent away", "ends", func(t *Trial) { t.then(0, 2*time.Second, Shut{Code: protocol.CloseReplaced}) }},
	}
}

func callForgeries() []forgery {
	return []forgery{
		{"a peer comes twice", "leaves", func(t *Trial) { t.then(0, 2*time.Second, PeerCame{in(), bobP, bob}) }},
		{"leaves twice", "leaves", func(t *Trial) {
			t.then(0, 2*time.Second, PeerLeft{in(), bobP, protocol.LeaveLeft}, PeerLeft{in(), bobP, protocol.LeaveTimeout})
		}},
		{"comes after it left", "leaves", func(t *Trial) {
			t.then(0, 2*time.Second, PeerLeft{in(), bobP, protocol.LeaveTimeout}, PeerCame{in(), bobP, bob})
		}},
		{"is there for who joins after it left", "leaves", func(t *Trial) {
			t.then(0, 2*time.Second, PeerLeft{in(), bobP, protocol.LeaveTimeout}, Leaving{in()}, Joined{in(), "peer-a2", []string{bobP}})
		}},
		{"more peers than may be", "crowds", func(t *Trial) { t.Terms.MostIn = 1 }},
		{"two peers of a user", "crowds", func(t *Trial) {
			state := both()
			state.Participants = append(state.Participants, protocol.CallParticipant{UserID: bob, PeerID: "peer-b2", State: protocol.ParticipantSuspended})
			t.then(0, 2*time.Second, state)
		}},
		{"a frame comes twice", "signals", func(t *Trial) { t.then(1, 2*time.Second, Heard{in(), 1, protocol.TypeOffer, annP, 1}) }},
		{"to another", "signals", func(t *Trial) { t.then(0, 2*time.Second, Heard{in(), 1, protocol.TypeOffer, annP, 1}) }},
		{"from nobody", "signals", func(t *Trial) { t.then(0, 2*time.Second, Heard{in(), 9, protocol.TypeOffer, bobP, 1}) }},
		{"as another type", "signals", func(t *Trial) {
			t.change(1, Heard{in(), 1, protocol.TypeOffer, annP, 1}, Heard{in(), 1, protocol.TypeAnswer, annP, 1})
		}},
		{"late", "signals", func(t *Trial) {
			t.then(0, 2*time.Second, Signaled{in(), 3, protocol.TypeSignal, bobP}, Signaled{in(), 4, protocol.TypeSignal, bobP})
			t.then(1, 2*time.Second, Heard{in(), 4, protocol.TypeSignal, annP, 0}, Heard{in(), 3, protocol.TypeSignal, annP, 0})
		}},
		{"a peer is two clients'", "signals", func(t *Trial) { t.then(0, 2*time.Second, Joined{in(), bobP, nil}) }},
		{"two sides have two epochs", "epochs", func(t *Trial) {
			t.change(1, Heard{in(), 1, protocol.TypeOffer, annP, 1}, Heard{in(), 1, protocol.TypeOffer, annP, 2})
		}},
		{"two offers have one", "epochs", func(t *Trial) {
			t.then(1, 2*time.Second, Signaled{in(), 3, protocol.TypeOffer, annP}, Answered{in(), 3, protocol.Delivered, 1, ""})
			t.then(0, 2*time.Second, Heard{in(), 3, protocol.TypeOffer, bobP, 1})
		}},
		{"a peer is shown long after its end", "ghosts", func(t *Trial) {
			t.then(1, 2*time.Second, Lost{})
			t.then(0, 40*time.Second, Beat{})
		}},
		{"a user is", "ghosts", func(t *Trial) {
			t.then(1, 2*time.Second, Departed{})
			t.then(0, 3*time.Second, Called{in(), nil})
			t.then(0, 40*time.Second, Beat{})
		}},
	}
}

func unsettledForgeries() []forgery {
	return []forgery{
		{"a client has no socket", "connections", func(t *Trial) { t.then(0, 2*time.Second, Lost{}) }},
		{"a message is not acknowledged", "answers", func(t *Trial) { t.then(0, 2*time.Second, Posted{in(), "a1"}) }},
		{"one has not come to all", "completeness", func(t *Trial) { t.change(0, shown(2, "b0")) }},
		{"who is online is not shown", "presence", func(t *Trial) { t.change(0, Appeared{in(), bob, true}) }},
		{"who has left is", "presence", func(t *Trial) { t.then(1, 2*time.Second, Departed{}) }},
		{"a client has another call state", "call state", func(t *Trial) { t.then(0, 2*time.Second, Called{in(), both().Participants[:1]}) }},
		{"a node has", "call state", func(t *Trial) { t.Answers[place1][0].Participants = nil }},
		{"a peer is suspended whose client is there", "call state", func(t *Trial) {
			t.Answers[place1][0].Participants = slices.Clone(both().Participants)
			t.Answers[place1][0].Participants[1].State = protocol.ParticipantSuspended
		}},
		{"a peer was not told of another", "companions", func(t *Trial) { t.change(0, PeerCame{in(), bobP, bob}) }},
		{"was told that it left", "companions", func(t *Trial) { t.then(0, 2*time.Second, PeerLeft{in(), bobP, protocol.LeaveTimeout}) }},
		{"what was delivered never came", "delivery", func(t *Trial) { t.change(1, Heard{in(), 1, protocol.TypeOffer, annP, 1}) }},
		{"nor where nodes do not know of each other, and its peer has stayed", "delivery", func(t *Trial) {
			t.change(1, Heard{in(), 1, protocol.TypeOffer, annP, 1})
			t.Outages = []Span{{0, 3 * time.Second}}
		}},
		{"what was queued never came", "delivery", func(t *Trial) {
			t.then(1, 2*time.Second, Signaled{in(), 3, protocol.TypeSignal, annP}, Answered{in(), 3, protocol.Queued, 0, ""})
		}},
	}
}

func TestEveryForgeryIsFound(t *testing.T) {
	for _, f := range slices.Concat(chatForgeries(), callForgeries()) {
		t.Run(strings.ReplaceAll(f.name, " ", "-"), func(t *testing.T) {
			spoilt := right()
			f.forge(&spoilt)
			require.Contains(t, rules(Judge(spoilt)), f.rule, "%v", Judge(spoilt))
		})
	}
	for _, f := range unsettledForgeries() {
		t.Run(strings.ReplaceAll(f.name, " ", "-"), func(t *testing.T) {
			spoilt := right()
			f.forge(&spoilt)
			require.Contains(t, rules(Unsettled(spoilt)), f.rule, "%v", Unsettled(spoilt))
		})
	}
}

// What is no violation, though it looks like one.
func TestWhatIsAllowed(t *testing.T) {
	for _, f := range []forgery{
		{name: "a resend is acknowledged again", forge: func(t *Trial) {
			t.then(0, 2*time.Second, Stored{in(), "a0", protocol.MessageRef{ID: 101, Seq: 1}})
		}},
		{name: "a session begins afresh where it was", forge: func(t *Trial) {
			t.then(0, 2*time.Second, Lost{}, Welcomed{}, Begun{in(), 1}, shown(2, "b0"))
		}},
		{name: "a session that began afresh is told again who is there", forge: func(t *Trial) {
			t.then(0, 2*time.Second, Lost{}, Welcomed{}, Joined{in(), annP, []string{bobP}})
		}},
		{name: "a peer comes as another", forge: func(t *Trial) {
			t.then(0, 2*time.Second, PeerLeft{in(), bobP, protocol.LeaveReplaced}, PeerCame{in(), "peer-b2", bob})
		}},
		{name: "one who is gone is shown for a while", forge: func(t *Trial) {
			t.then(1, 2*time.Second, Lost{})
			t.then(0, 38*time.Second, Beat{})
		}},
		{name: "or longer where nodes could not know", forge: func(t *Trial) {
			t.then(1, 2*time.Second, Lost{})
			t.then(0, 45*time.Second, Beat{})
			t.Outages = []Span{{20 * time.Second, 24 * time.Second}}
		}},
		{name: "a peer has left on one node, and not yet on another", forge: func(t *Trial) {
			t.then(0, 2*time.Second, PeerLeft{in(), bobP, protocol.LeaveTimeout}, Lost{}, Welcomed{}, Joined{in(), annP, []string{bobP}})
			t.Outages = []Span{{time.Second, 3 * time.Second}}
		}},
		{name: "two offers have one epoch where nodes could not know where their peers are", forge: func(t *Trial) {
			t.then(1, 2*time.Second, Signaled{in(), 3, protocol.TypeOffer, annP}, Answered{in(), 3, protocol.Delivered, 1, ""})
			t.then(0, 2*time.Second, Heard{in(), 3, protocol.TypeOffer, bobP, 1})
			t.Outages = []Span{{0, 3 * time.Second}}
		}},
		{name: "a call is too large where nodes could not know", forge: func(t *Trial) {
			t.Terms.MostIn = 1
			t.Outages = []Span{{0, time.Second}}
		}},
	} {
		trial := right()
		f.forge(&trial)
		require.Empty(t, Judge(trial), f.name)
	}
}

func TestWhatWasDeliveredMayBeLostWithItsPeer(t *testing.T) {
	trial := right()
	trial.change(1, Heard{in(), 1, protocol.TypeOffer, annP, 1})
	trial.then(1, 2*time.Second, Lost{}, Welcomed{}, Joined{in(), bobP, []string{annP}})
	require.NotContains(t, rules(Unsettled(trial)), "delivery")
	trial.then(0, 3*time.Second, Signaled{in(), 5, protocol.TypeSignal, bobP}, Answered{in(), 5, protocol.Delivered, 0, ""})
	require.Contains(t, rules(Unsettled(trial)), "delivery", "but not after it has come back")
	trial.Outages = []Span{{2 * time.Second, 2500 * time.Millisecond}}
	require.NotContains(t, rules(Unsettled(trial)), "delivery", "unless nodes could not know of it")
	trial.Outages = nil
	trial.then(0, 4*time.Second, Expired{in(), 5})
	require.NotContains(t, rules(Unsettled(trial)), "delivery")
}
