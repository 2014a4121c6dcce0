package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/bench/swarm"
)

func TestRow(t *testing.T) {
	result := swarm.Result{
		Elapsed: 2 * time.Second, Done: 1000,
		Answer: swarm.NewLatency(), Delivery: swarm.NewLatency(),
	}
	r := newRow("chat", result, usage{time.Second, 500 * time.Millisecond, 2 * time.Second})
	require.Equal(t, row{
		Name: "chat", Rate: 500, PerOp: 1000, ServerBusy: 0.5, ClientBusy: 0.25, OthersBusy: 0.25,
	}, r, "nothing was delivered")
}

func TestTheClientIsBlamedIfItAloneWasBusy(t *testing.T) {
	result := swarm.Result{Elapsed: time.Second, Answer: swarm.NewLatency(), Delivery: swarm.NewLatency()}
	for _, c := range []struct {
		server, client time.Duration
		limited        bool
	}{
		{500 * time.Millisecond, 950 * time.Millisecond, true},
		{950 * time.Millisecond, 950 * time.Millisecond, false},
		{950 * time.Millisecond, 500 * time.Millisecond, false},
		{100 * time.Millisecond, 100 * time.Millisecond, false},
	} {
		require.Equal(t, c.limited, newRow("x", result, usage{server: c.server, client: c.client}).ClientLimited, "%v", c)
	}
}

func TestUsage(t *testing.T) {
	require.Equal(t, usage{2, 3, 4}, usage{5, 7, 9}.since(usage{3, 4, 5}))
	require.Equal(t, usage{5, 7, 9}, usage{2, 3, 4}.plus(usage{3, 4, 5}))
	require.EqualValues(t, 3, usage{1, 2, 6}.others())
	require.Zero(t, usage{1, 2, 2}.others(), "clocks that do not tick together")
	require.Zero(t, usage{0, 2, 6}.others(), "whose it is cannot be told")
}

func TestMedian(t *testing.T) {
	require.Equal(t, 2.0, median([]float64{3, 1, 2}))
	require.Equal(t, 2.5, median([]float64{4, 1, 3, 2}))
	require.Equal(t, 7.0, median([]float64{7}))
}

func TestMediansAreTakenFigureByFigure(t *testing.T) {
	run := func(rate, p99, rss float64, limited bool) report {
		return report{
			Setup: setup{Sockets: 10, Runs: 1},
			Idle:  idle{RSS: rss},
			Rows:  []row{{Name: "a", Rate: rate, AnswerP99: p99, ClientLimited: limited}, {Name: "b", Rate: -rate}},
		}
	}
	runs := []report{run(1, 30, 8, true), run(3, 10, 9, false), run(2, 20, 1, true)}
	got := medians(runs)
	require.Equal(t, report{
		Setup: setup{Sockets: 10, Runs: 3},
		Idle:  idle{RSS: 8},
		Rows:  []row{{Name: "a", Rate: 2, AnswerP99: 20, ClientLimited: true}, {Name: "b", Rate: -2}},
	}, got)
	require.Equal(t, 1.0, runs[0].Rows[0].Rate, "the runs are left as they were")
}

func TestTable(t *testing.T) {
	r := report{
		Machine: machine{CPUs: 2, Go: "go1", Arch: "amd64", SyncMS: 0.25},
		Setup:   setup{Sockets: 1000, Room: 10, Outstanding: 256, DurationS: 5, Runs: 3, Pinned: true},
		Idle:    idle{RSS: 1800, Heap: 1200, All: 30 << 20},
		Rows: []row{
			{Name: "chat, stored", Rate: 9876, Deliveries: 98760, AnswerP50: 1.234, ServerBusy: 0.876, OthersBusy: 0.09},
			{Name: "typing", Rate: 5, ClientLimited: true},
		},
	}
	var out bytes.Buffer
	require.NoError(t, r.write(&out))
	lines := strings.Split(out.String(), "\n")
	require.Equal(t, "1000 sockets in rooms of 10, 256 frames under way, 5s a load, median of 3", lines[0])
	require.Equal(t, "2 CPUs, go1 amd64, server and client on one CPU each, 4 KiB to disk in 0.25 ms", lines[1])
	require.Contains(t, out.String(), "heap and stacks grew by 1200 bytes and the process by 1800 (RSS), to 30.0 MiB in all")
	require.Regexp(t, `chat, stored +9876 +98760 +1\.23 +– +– +– +– +– +88% +– +9%`, out.String())
	require.Regexp(t, `typing .*the client was the bottleneck`, out.String())
	require.NotContains(t, out.String(), "other work")

	r.Rows[1].OthersBusy, r.Setup.Pinned = 0.2, false
	out.Reset()
	require.NoError(t, r.write(&out))
	require.Contains(t, out.String(), "server and client share the CPUs")
	require.Contains(t, out.String(), "had other work to do")
}
