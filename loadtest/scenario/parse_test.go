package scenario_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/scenario"
	"parley/loadtest/scenarios"
)

func TestScenariosThatComeWithTheToolCanRun(t *testing.T) {
	names, err := scenarios.Names()
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"smoke", "1k", "15k", "soak", "release"}, names)
	for _, name := range names {
		content, err := scenarios.Read(name)
		require.NoError(t, err)
		s, err := scenario.Parse(content)
		require.NoError(t, err, name)
		require.NotEmpty(t, s.About, name)
		require.NotEmpty(t, s.Fail, name)
		for i := range 3 {
			_, err = scenario.New(s, scenario.Share{Index: i, Of: 3}, nil)
			require.NoError(t, err, "%s, share %d", name, i)
		}
	}
	_, err = scenarios.Read("none")
	require.ErrorContains(t, err, `"none"`)
}

func TestWhatIsLeftOutHasItsDefault(t *testing.T) {
	s, err := scenario.Parse([]byte("loads: {chat: {rooms: 3, zipf: 0}, idle: }\nphases: [{duration: 90s, weights: {chat: 2, idle: 1}}]\n"))
	require.NoError(t, err)
	require.Equal(t, 3, s.Loads.Chat.Rooms)
	require.Zero(t, s.Loads.Chat.Zipf, "a 0 that is written is meant")
	require.Equal(t, 100, s.Loads.Chat.Sockets)
	require.Equal(t, 1000, s.Loads.Idle.Sockets)
	require.Nil(t, s.Loads.Calls)
	require.Equal(t, 90*time.Second, s.Length())

	half := s.Scaled(0.5, 0.1)
	require.Equal(t, 9*time.Second, half.Length())
	require.InDelta(t, 1, half.Phases[0].Weights.Chat, 1e-9)
	require.InDelta(t, 2, s.Phases[0].Weights.Chat, 1e-9, "it is a copy")
}

// Each mistake is told with its line and the key's whole name.
func TestMistakesAreToldByLineAndKey(t *testing.T) {
	const right = `loads:
  calls: {rate: 1}
  chat:
    sockets: 20
    rooms: 2
phases:
  - duration: 10s
    weights: {calls: 1}
`
	_, err := scenario.Parse([]byte(right))
	require.NoError(t, err)
	for _, c := range []struct{ from, to, want string }{
		{"sockets: 20", "sokets: 20", `line 4: loads.chat.sokets: there is no such key; there are sockets, rooms,`},
		{"sockets: 20", "sockets: many", `line 4: loads.chat.sockets: want a whole number, got "many"`},
		{"sockets: 20", "sockets: 20.5", `line 4: loads.chat.sockets: want a whole number, got "20.5"`},
		{"sockets: 20", "sockets: ", `line 4: loads.chat.sockets: want a whole number, got ""`},
		{"rooms: 2", "sockets: 2", `line 5: loads.chat.sockets: it is there twice`},
		{"rooms: 2", "rooms: 200", `line 3: loads.chat: chat: want two sockets or more for each of`},
		{"rooms: 2", "lost: 1s", `line 3: loads.chat: chat: want lost (1s) above late (5s)`},
		{"rate: 1}", "media: maybe}", `line 2: loads.calls.media: want true or false, got "maybe"`},
		{"rate: 1}", "glare: 2}", `line 2: loads.calls: calls: want a share of glare from 0 to 1, got 2`},
		{"{rate: 1}", "[]", `line 2: loads.calls: want keys, such as rate, concurrency,`},
		{"10s", "10", `line 7: phases[0].duration: want a time such as 90s, got "10"`},
		{"10s", "-1s", `line 7: phases[0].duration: want a time above 0, got -1s`},
		{"10s", "10s\n    ramp: 11s", `line 8: phases[0].ramp: want a time from 0 to the duration, got 11s`},
		{"weights: {calls: 1}", "weights: {calls: -1}", `line 8: phases[0].weights.calls: want a weight of 0 or more, got -1`},
		{"weights: {calls: 1}", "weights: {calls: .nan}", `line 8: phases[0].weights.calls: want a weight of 0 or more, got NaN`},
		{"weights: {calls: 1}", "weights: {idle: 1}", `line 8: phases[0].weights.idle: there is no loads.idle`},
		{"weights: {calls: 1}", "weights: {}", `line 6: phases: no load has a weight in any`},
		{"duration: 10s", "name: a", `line 7: phases[0].duration: want a time above 0, got 0s`},
		{"phases:", "fail: [nonsense]\nphases:", `line 6: fail[0]: report: want a rule such as`},
		{"phases:", "fail: none\nphases:", `line 6: fail: want a list`},
		{right, "about: x\n", `line 1: phases: want one or more`},
		{right, "", `it is empty`},
		{right, right + "---\n" + right, `want one document`},
		{"loads:", "loads: [", `yaml: `},
	} {
		_, err := scenario.Parse([]byte(strings.Replace(right, c.from, c.to, 1)))
		require.ErrorContains(t, err, c.want, "%q for %q", c.to, c.from)
	}
	_, err = scenario.Parse([]byte(strings.NewReplacer("sockets: 20", "sokets: 20", "10s", "soon").Replace(right)))
	require.ErrorContains(t, err, "line 4:")
	require.ErrorContains(t, err, "line 7:", "all are told at once")
}

func TestLoadsHaveTheirRulesUnlessTheScenarioHasOthers(t *testing.T) {
	s, err := scenario.Parse([]byte(`
loads: {calls: , chat: , idle: , storm: }
phases: [{duration: 1m, weights: {calls: 1, chat: 1, storm: 1}}]
fail: [chat.send.success<0.5, storm.afresh>9, lost>3]
`))
	require.NoError(t, err)
	rules, err := s.Rules()
	require.NoError(t, err)
	require.Equal(t, []string{
		"chat.send.success<0.5", "storm.afresh>9", "lost>3",
		"calls.success<0.999", "chat.connect.success<0.999",
		"storm.connect.success<0.999", "storm.stay.failed>0", "storm.success<1", "storm.alive.success<0.999",
	}, rules)
	s.Fail = []string{"fast"}
	_, err = s.Rules()
	require.Error(t, err)
}
