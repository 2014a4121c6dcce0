package load

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/agents"
	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/plan"
	"parley/loadtest/scenario"
)

// The tests share a node, and wait beside each other.
func TestAgents(t *testing.T) {
	t.Parallel()
	node := startNode(t)
	for name, test := range map[string]func(*testing.T, string){
		"agents run a load together":                       testAgentsRunALoadTogether,
		"agents run a scenario together":                   testAgentsRunAScenarioTogether,
		"a stopped run is reported by all":                 testAStoppedRunIsReportedByAll,
		"an agent that is gone is reported":                testAnAgentThatIsGoneIsReported,
		"an agent whose coordinator is gone ends its load": testAnAgentWhoseCoordinatorIsGoneEndsItsLoad,
		"fleets that cannot be":                            testFleetsThatCannotBe,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, node)
		})
	}
}

func testAgentsRunALoadTogether(t *testing.T, node string) {
	a, b := startAgent(t), startAgent(t)
	r := measure.New(time.Now())
	got, err := command(t.Context(), t, orders(node, talk(22, 2*time.Second), a, b), r)
	require.NoError(t, err)
	require.True(t, got.Passed, "%+v", got.Rules)
	all := got.Recorded
	require.EqualValues(t, 22, all.Stages["connect"].Done())
	require.EqualValues(t, 4, all.Stages["room"].Done())
	require.EqualValues(t, 8, all.Stages["signin"].Done())
	require.Positive(t, all.Counters["messages"]+all.Counters["typings"])
	require.LessOrEqual(t, all.Counters["messages"]+all.Counters["typings"], int64(82), "40 a second, of both together")
	require.Zero(t, all.Gauges["sockets"])
	for stage, s := range all.Stages {
		require.Zero(t, s.Failed, "%s: %+v", stage, s.Causes)
	}
	sum := int64(0)
	for _, second := range all.Series {
		sum += second.Stages["deliver"].Done + second.Stages["typing"].Done
	}
	require.Equal(t, all.Stages["deliver"].Done()+all.Stages["typing"].Done(), sum, "nothing is missing in the series")
	require.Equal(t, all.Counters["deliveries"], all.Series[len(all.Series)-1].Counters["deliveries"])

	require.Len(t, got.Agents, 2)
	for _, each := range got.Agents {
		require.Empty(t, each.Gone)
		require.NotEmpty(t, each.Client.Series, "how the agent fared")
	}

	// They are free for the next run.
	got, err = command(t.Context(), t, orders(node, ring(7), a, b), measure.New(time.Now()))
	require.NoError(t, err)
	require.EqualValues(t, 7, got.Recorded.Stages["calls"].Done(), "%+v", got.Recorded.Stages["calls"].Causes)
	require.EqualValues(t, 14, got.Recorded.Stages["leave"].Done())
}

func testAgentsRunAScenarioTogether(t *testing.T, node string) {
	s, err := scenario.Parse([]byte(`
loads: {chat: {sockets: 17, rooms: 5, users: 8, rate: 40}, calls: {rate: 4, hold: 200ms, signaling_only: true}}
phases: [{duration: 2s, weights: {chat: 1, calls: 1}}]
`))
	require.NoError(t, err)
	got, err := command(t.Context(), t, orders(node, plan.Plan{Mixed: &s}, startAgent(t), startAgent(t)), measure.New(time.Now()))
	require.NoError(t, err)
	require.EqualValues(t, 17, got.Recorded.Stages["chat.connect"].Done())
	require.EqualValues(t, 5, got.Recorded.Stages["chat.room"].Done())
	require.EqualValues(t, 8, got.Recorded.Stages["calls"].Done())
	require.Empty(t, got.Recorded.Faults)
}

// underWay waits until it is known that so many sockets are open, and that they talk.
func underWay(t *testing.T, r *measure.Recorder, sockets int64) {
	_ = pause.Poll(t.Context(), func() bool {
		s := r.Snapshot()
		return s.Stages["connect"].Done() == sockets && s.Counters["deliveries"] >= 50
	})
}

func testAStoppedRunIsReportedByAll(t *testing.T, node string) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r := measure.New(time.Now())
	go func() {
		defer stop()
		underWay(t, r, 20)
	}()
	got, err := command(ctx, t, orders(node, talk(20, time.Hour), startAgent(t), startAgent(t)), r)
	require.NoError(t, err)
	require.True(t, got.Stopped)
	require.EqualValues(t, 20, got.Recorded.Stages["connect"].Done())
	require.Zero(t, got.Recorded.Gauges["sockets"], "all have left")
	require.Zero(t, got.Recorded.Counters[agents.CountGone])
	require.Empty(t, got.Recorded.Faults)
}

func testAnAgentThatIsGoneIsReported(t *testing.T, node string) {
	stays, goes := startAgent(t), startAgent(t)
	r := measure.New(time.Now())
	go func() {
		underWay(t, r, 20)
		goes.CloseClientConnections()
		_ = goes.Listener.Close()
	}()
	got, err := command(t.Context(), t, orders(node, talk(20, 10*time.Second), stays, goes), r)
	require.NoError(t, err)
	require.EqualValues(t, 1, got.Recorded.Counters[agents.CountGone])
	require.Empty(t, got.Agents[0].Gone)
	require.Contains(t, got.Agents[1].Gone, "refused")
	var text bytes.Buffer
	got.Text(&text)
	require.Contains(t, text.String(), "WARNING: agent "+addresses(goes)[0]+" is gone since ")
	require.EqualValues(t, 20, got.Recorded.Stages["connect"].Done(), "what it had done is kept")
}

// The run of a coordinator that asks no more is ended, and the agent is free.
func testAnAgentWhoseCoordinatorIsGoneEndsItsLoad(t *testing.T, node string) {
	a := startAgent(t)
	const order = `{"id":"x","plan":{"idle":{"Sockets":5,"Users":1,"RoomSize":5,"AtOnce":5,"Hold":3600000000000,"Patience":1000000000}},"urls":["URL"]}`
	body := string(bytes.ReplaceAll([]byte(order), []byte("URL"), []byte(node)))
	freed := func() bool { return post(t, a, "/v1/runs", body) == http.StatusCreated }
	require.True(t, freed())
	require.Eventually(t, freed, patience, 100*time.Millisecond, "it waits for a start that nobody gives")
	require.Equal(t, http.StatusNoContent, post(t, a, "/v1/runs/x/start", `{"in":0}`))
	require.Equal(t, http.StatusNotFound, post(t, a, "/v1/runs/y/start", `{"in":0}`))
	require.Equal(t, http.StatusConflict, post(t, a, "/v1/runs", body), "one at a time")
	require.Eventually(t, freed, patience, 100*time.Millisecond, "its load has not ended")
}

func testFleetsThatCannotBe(t *testing.T, node string) {
	a := startAgent(t)
	p := ring(4)
	for want, change := range map[string]func(*agents.Orders){
		"this is not the agent's token":         func(o *agents.Orders) { o.Token = "another0another0" },
		"is parley-load v1 (commit abc), and":   func(o *agents.Orders) { o.Tool.Version = "v2" },
		"start the agent with --target-confirm": func(o *agents.Orders) { o.URLs = []string{"http://192.0.2.1"} },
		"connection refused":                    func(o *agents.Orders) { o.Addresses = append(o.Addresses, "127.0.0.1:1") },
	} {
		o := orders(node, p, a)
		change(&o)
		_, err := command(t.Context(), t, o, measure.New(time.Now()))
		require.ErrorContains(t, err, want)
	}
	for want, o := range map[string]agents.Orders{
		"is there twice":     orders(node, p, a, a),
		"rooms are too few":  {Addresses: []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"}, Plan: talk(100, time.Second)},
		"are too few for 2":  {Addresses: []string{"a", "b"}, Plan: ring(1)},
		"no load that is kn": {Addresses: []string{"a"}},
	} {
		_, err := agents.NewFleet(o)
		require.ErrorContains(t, err, want)
	}
	// None of them has left the agent busy.
	_, err := command(t.Context(), t, orders(node, p, a), measure.New(time.Now()))
	require.NoError(t, err)
}

func TestAFleetOfWhichNoAgentCanRunFails(t *testing.T) {
	t.Parallel()
	a := startAgent(t)
	got, err := command(t.Context(), t, orders("http://127.0.0.1:1", ring(4), a), measure.New(time.Now()))
	require.ErrorContains(t, err, "refused")
	require.EqualValues(t, 1, got.Recorded.Counters[agents.CountFailed])
}

func TestTokensAreLongAndAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	for content, ok := range map[string]bool{
		"0123456789abcdef\n": true, "0123456789abcde": false, "0123456789abcdef 0123456789abcdef": false, "": false,
	} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		got, err := agents.ReadToken(path)
		require.Equal(t, ok, err == nil, "%q: %v", content, err)
		if ok {
			require.Equal(t, "0123456789abcdef", got)
		}
	}
	_, err := agents.ReadToken(path + ".none")
	require.Error(t, err)
}
