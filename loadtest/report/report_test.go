package report_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/health"
	"parley/loadtest/measure"
	"parley/loadtest/report"
	"parley/loadtest/target"
)

// sample is a report of a run of two seconds.
func sample() report.Report {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := measure.New(start)
	connect := r.Stage("connect")
	for i := range 100 {
		connect.Done(start, start.Add(time.Duration(i+1)*10*time.Millisecond))
	}
	connect.Fail("timeout", errors.New("room 7: <the first>"))
	connect.Fail("timeout", errors.New("room 8"))
	r.Stage("calls").Done(start, start.Add(time.Second))
	r.Count("resumes", 3)
	r.Gauge("sockets", 12)
	r.Sample(start.Add(time.Second))
	r.Fault(measure.Lost, "message 7 of room 3")
	r.Sample(start.Add(2 * time.Second))
	return report.Report{
		Tool: report.Tool{Version: "v1", Commit: "abc"}, Load: "calls", Options: []byte(`{"calls":100,"fail":"p99\u003e1s"}`),
		Target: []string{"http://127.0.0.1:8080"}, Started: start, Elapsed: 2, Recorded: r.Snapshot(),
		Server: []report.ServerSample{
			{At: 1, Metrics: target.Metrics{"parley_connections": 10, "process_cpu_seconds_total": 1, "process_resident_memory_bytes": 1e6}},
			{At: 2, Metrics: target.Metrics{"parley_connections": 12, "process_cpu_seconds_total": 2, "process_resident_memory_bytes": 2e6}},
		},
		Client: health.Health{Warnings: []string{"slow"}, Series: []health.Sample{{At: 1, CPU: 0.5}, {At: 2, CPU: 0.7}}},
	}
}

func rules(t *testing.T, texts ...string) (list []report.Rule) {
	t.Helper()
	for _, text := range texts {
		r, err := report.ParseRule(text)
		require.NoError(t, err)
		list = append(list, r)
	}
	return list
}

func TestRulesAreHeldAgainstWhatWasMeasured(t *testing.T) {
	for text, broken := range map[string]bool{
		"connect.success<0.99":  true,
		"connect.success<98%":   false,
		"connect.p99>2s":        false,
		"connect.p99>900ms":     true,
		"connect.p50 >= 500ms":  true,
		"connect.max<=1.001s":   true,
		"connect.mean > 600ms":  false,
		"connect.p999<1s":       false,
		"connect.failed>1":      true,
		"connect.done!=100":     false,
		"connect.rate<50":       false,
		"connect.rate<51":       true,
		"lost>0":                true,
		"chat.lost>1":           false,
		"faults.lost==1":        true,
		"faults>0":              true,
		"doubled>0":             false,
		"resumes<4":             true,
		"resumes.refused>0":     true, // nothing of that name was measured
		"conect.p99>2s":         true,
		"connect.speed>2":       true,
		"calls.p99>2s":          false,
		"connect.p99>1h0m0.1s":  false,
		"connect.success==1e-1": false,
	} {
		r := sample()
		r.Judge(rules(t, text), nil)
		require.Len(t, r.Rules, 1)
		require.Equal(t, broken, r.Rules[0].Broken, "%s: %+v", text, r.Rules[0])
		require.Equal(t, !broken, r.Passed)
	}
	for _, bad := range []string{"", "connect", "connect.p99", "connect.p99>", "connect.p99>2", "calls.success<1s", "lost>1s", "a>b", "<1", "x<1 2"} {
		_, err := report.ParseRule(bad)
		require.ErrorContains(t, err, "want a rule such as", bad)
	}
}

func TestFaultsFailUnlessRulesAllowThem(t *testing.T) {
	names := func(list []report.Rule) (texts []string) {
		for _, r := range list {
			texts = append(texts, r.String())
		}
		return texts
	}
	also := rules(t, "calls.success<0.999")[0]
	require.Equal(t, []string{"calls.success<0.999", "lost>0", "doubled>0", "reordered>0", "late>0", "forged>0"},
		names(report.Defaults(nil, also)))
	require.Equal(t, []string{"lost>0", "doubled>0", "reordered>0", "forged>0"},
		names(report.Defaults(rules(t, "chat.late>10", "calls.success<0.5"), also)))
	require.Empty(t, report.Defaults(rules(t, "faults>5")))

	r := sample()
	r.Judge(nil, report.Defaults(nil))
	require.False(t, r.Passed)
	for stopped, broken := range map[bool]bool{true: false, false: true} {
		r = report.Report{Stopped: stopped}
		r.Judge(nil, rules(t, "calls.success<0.5"))
		require.Equal(t, broken, !r.Passed, "nothing was measured; stopped: %v", stopped)
		r = report.Report{Stopped: stopped}
		r.Judge(rules(t, "calls.success<0.5"), nil)
		require.False(t, r.Passed)
	}
	r = sample()
	r.Judge(rules(t, "lost>1"), report.Defaults(rules(t, "lost>1")))
	require.True(t, r.Passed)
}

func TestTextTellsEverything(t *testing.T) {
	r := sample()
	r.Stopped = true
	r.Judge(rules(t, "connect.p99>2s", "connect.success<0.99", "typo.p99>1s"), report.Defaults(nil))
	var out strings.Builder
	r.Text(&out)
	for _, want := range []string{
		"calls against http://127.0.0.1:8080: 2s, stopped before its end\n",
		"  connect   100       2  98.03 %  500ms  950ms  990ms   1s\n",
		"    calls     1       0    100 %     1s     1s     1s   1s\n",
		"  connect: 2 × timeout: room 7: <the first>\n",
		"FAULTS, with the first of each:\n  lost: 1\n    message 7 of room 3\n",
		"resumes: 3\n", "WARNING: slow\n",
		"kept    connect.p99>2s: it is 990ms\n", "BROKEN  connect.success<0.99: it is 98.03 %\n",
		"BROKEN  typo.p99>1s: nothing was measured\n", "BROKEN  lost>0: it is 1\n", "FAILED\n",
	} {
		require.Contains(t, out.String(), want)
	}
	require.NotContains(t, out.String(), "doubled")
}

func TestReportSurvivesItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	want := sample()
	want.Judge(nil, report.Defaults(nil))
	require.NoError(t, want.Write(path))
	got, err := report.Read(path)
	require.NoError(t, err)
	var before, after strings.Builder
	want.Text(&before)
	got.Text(&after)
	require.Equal(t, before.String(), after.String())
	require.Equal(t, want.Server, got.Server)
	require.False(t, report.WriteComparison(&after, want, got))

	_, err = report.Read(path + "x")
	require.ErrorIs(t, err, os.ErrNotExist)
	for _, bad := range []string{"", "{}", "[]"} {
		require.NoError(t, os.WriteFile(path, []byte(bad), 0o600))
		_, err = report.Read(path)
		require.Error(t, err, bad)
	}
	require.Error(t, want.Write(filepath.Join(path, "x")))
}

func TestWritableLeavesAllAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	require.NoError(t, report.Writable(path))
	require.NoFileExists(t, path)
	require.NoError(t, os.WriteFile(path, []byte("kept"), 0o600))
	require.NoError(t, report.Writable(path))
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "kept", string(b))
	require.ErrorIs(t, report.Writable(filepath.Join(path, "x")), syscall.ENOTDIR)
}
