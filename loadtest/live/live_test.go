package live_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/internal/output"
	"parley/loadtest/live"
	"parley/loadtest/measure"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run shows a run of so many seconds.
func run(v *live.View, seconds int) {
	start := time.Now()
	r := measure.New(start)
	for i := 1; i <= seconds; i++ {
		for range 4 {
			r.Stage("join").Done(start, start.Add(20*time.Millisecond))
		}
		r.Gauge("sockets", int64(10*i))
		if i == 3 {
			r.Stage("join").Fail("timeout", errors.New("late"))
			r.Fault(measure.Lost, "x")
		}
		v.Show(r.Sample(start.Add(time.Duration(i) * time.Second)))
	}
	v.Close()
}

func TestPlainLinesNowAndThen(t *testing.T) {
	var out strings.Builder
	run(live.New(&out, nil, live.Goal{Time: time.Minute}), 7)
	require.Equal(t, "    5s   FAULTS 1  sockets 50  join 4.0/s p99 20ms failed 1\n"+
		"    7s   FAULTS 1  sockets 70  join 4.0/s p99 20ms failed 1\n", out.String())
	out.Reset()
	live.New(&out, nil, live.Goal{}).Close()
	require.Empty(t, out.String())
}

func TestTerminalShowsABarAndEachStage(t *testing.T) {
	for name, goal := range map[string]live.Goal{
		"13 / 40": {Stage: "join", Count: 40}, "3 / 60": {Time: time.Minute}, "": {},
	} {
		s := &output.Buffer{}
		v := live.New(s, size(80, 24), goal)
		run(v, 3)
		require.Regexp(t, `join +12 +4\.0 +20ms +20ms +20ms +1\n`, s.String())
		require.Contains(t, s.String(), "FAULTS 1  sockets 30")
		require.Contains(t, s.String(), name)
	}
}

func size(width, height int) func() live.Size {
	return func() live.Size { return live.Size{Width: width, Height: height} }
}

func TestASmallTerminalIsNotOverrun(t *testing.T) {
	const width, height = 40, 9
	s, start := &output.Buffer{}, time.Now()
	v, r := live.New(s, size(width, height), live.Goal{Time: time.Minute}), measure.New(start)
	for i := range 20 {
		stage := r.Stage(fmt.Sprintf("stage%02d.of.a.long.name", i))
		for range i {
			stage.Done(start, start)
		}
	}
	r.Stage("fails").Fail("timeout", errors.New("late"))
	r.Gauge("a.gauge.with.a.name.that.is.too.long.for.the.line", 7)
	v.Show(r.Sample(start.Add(time.Second)))
	v.Close()

	_, block, found := strings.Cut(s.String(), "a.gauge")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "\x1b") // what is drawn over it is the same
	lines := strings.Split(strings.TrimRight(block, "\n"), "\n")
	require.Len(t, lines, height-3, "beside the bar, the cursor's and one above: %q", lines)
	for _, line := range lines[1:] {
		require.LessOrEqual(t, len(line), width)
	}
	require.Regexp(t, "^  fails ", lines[2], "what has failed is shown")
	require.Regexp(t, "^  stage18", lines[3])
	require.Equal(t, "  and 17 more", lines[len(lines)-1], "of those that have begun")
}
