package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/internal/nodetest"
	"parley/internal/output"
	"parley/loadtest/report"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait of a test.
const patience = 60 * time.Second

// result is what a command left behind.
type result struct {
	code           int
	stdout, stderr string
}

// command runs a command line.
func command(ctx context.Context, args ...string) result {
	var stdout, stderr output.Buffer
	code := perform(ctx, process{args: args, stdout: &stdout, stderr: &stderr})
	return result{code, stdout.String(), stderr.String()}
}

func TestPairsAllConnect(t *testing.T) {
	n := nodetest.Start(t)
	url, admin := n.URL(), n.AdminURL()
	path := filepath.Join(t.TempDir(), "a.json")
	got := command(t.Context(), "calls", "--pairs", "10", "--rate", "50", "--hold", "1500ms", "--url", url, "--admin", admin, "--json", path, "--html", path+".html")
	require.Equal(t, exitOK, got.code, "%s\n%s", got.stdout, got.stderr)
	require.Regexp(t, `(?m)^ +calls +10 +0 +100 % `, got.stdout)
	require.Regexp(t, `(?m)^ +connect +10 +0 +100 % `, got.stdout)
	require.Contains(t, got.stdout, "PASSED\n")
	require.Contains(t, got.stderr, "calls 0", "the last of it is shown")

	require.FileExists(t, path+".html")
	r, err := report.Read(path)
	require.NoError(t, err)
	require.True(t, r.Passed)
	require.GreaterOrEqual(t, len(r.Server), 2)
	most := 0.0
	for _, s := range r.Server {
		most = max(most, s.Metrics["parley_connections"])
	}
	require.InDelta(t, 20, most, 0, "what the node says of itself is there")

	require.Equal(t, exitOK, command(t.Context(), "compare", path, path).code)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	worse := filepath.Join(t.TempDir(), "b.json")
	require.NoError(t, os.WriteFile(worse, bytes.Replace(text, []byte(`"faults": {}`), []byte(`"faults": {"lost": {"count": 1, "examples": []}}`), 1), 0o600))
	compared := command(t.Context(), "compare", path, worse)
	require.Equal(t, exitFailed, compared.code)
	require.Contains(t, compared.stdout, "WORSE")
}

func TestBrokenRuleFailsTheRun(t *testing.T) {
	url := nodetest.Start(t).URL()
	got := command(t.Context(), "calls", "--pairs", "2", "--rate", "0", "--hold", "1ms", "--url", url, "--signaling-only", "--fail", "calls.p99>1us", "--fail", "leave.success<0.5")
	require.Equal(t, exitFailed, got.code, got.stderr)
	require.Regexp(t, `(?m)^BROKEN  calls\.p99>1us: it is `, got.stdout)
	require.Contains(t, got.stdout, "kept    leave.success<0.5: it is 100 %\n")
	require.Contains(t, got.stdout, "FAILED\n")
}

func TestStoppedRunReportsWhatWasDone(t *testing.T) {
	url := nodetest.Start(t).URL()
	ctx, stop := context.WithCancel(t.Context())
	var stdout, stderr output.Buffer
	code := make(chan int, 1)
	go func() {
		args := []string{"calls", "--pairs", "1000", "--rate", "20", "--concurrency", "20", "--hold", "1h", "--url", url, "--metrics-addr", "127.0.0.1:0"}
		code <- perform(ctx, process{args: args, stdout: &stdout, stderr: &stderr})
	}()
	require.Eventually(t, func() bool { return strings.Contains(stderr.String(), "connected 20") }, patience, 50*time.Millisecond)
	exposed := regexp.MustCompile(`metrics of this run: (http://\S+)`).FindStringSubmatch(stderr.String())
	require.Len(t, exposed, 2, "%s", &stderr)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(exposed[1])
	require.NoError(t, err)
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Contains(t, string(page), `parley_load_standing{name="connected"} 20`)

	stop()
	require.Equal(t, exitOK, <-code, "%s", &stderr)
	require.Contains(t, stdout.String(), "stopped before its end")
	require.Regexp(t, `(?m)^ +calls +20 +0 +100 % `, stdout.String())
}

func TestNobodyElseIsHurt(t *testing.T) {
	got := command(t.Context(), "calls", "--pairs", "1", "--url", "http://192.0.2.1")
	require.Equal(t, exitUsage, got.code)
	require.Contains(t, got.stderr, "--target-confirmed")
	require.Contains(t, got.stderr, "http://192.0.2.1")
	require.Empty(t, got.stdout)
}

func TestExitCodes(t *testing.T) {
	for _, args := range [][]string{
		{"nonsense"},
		{"calls"},
		{"calls", "--pairs", "x"},
		{"calls", "--pairs", "1", "--size", "1"},
		{"calls", "--pairs", "1", "--fail", "fast"},
		{"calls", "--pairs", "1", "--url", "ws://127.0.0.1"},
		{"compare", "a"},
		{"compare", "no", "such"},
	} {
		got := command(t.Context(), args...)
		require.Equal(t, exitUsage, got.code, "%v", args)
		require.Regexp(t, `^parley-load: .+\nRun 'parley-load --help' for usage\.\n$`, got.stderr)
	}
	got := command(t.Context(), "calls", "--pairs", "1", "--url", "http://127.0.0.1:1")
	require.Equal(t, exitUnable, got.code)
	require.Contains(t, got.stderr, "connection refused")
	url := nodetest.Start(t).URL()
	for path, stdout := range map[string]string{
		"/no/such/folder": "",       // it is known before the run
		"/dev/full":       "PASSED", // and if not, the report is there before it is kept
	} {
		got = command(t.Context(), "calls", "--pairs", "1", "--hold", "1ms", "--signaling-only", "--url", url, "--json", path)
		require.Equal(t, exitUnable, got.code)
		require.Contains(t, got.stderr, path)
		require.Equal(t, stdout != "", strings.Contains(got.stdout, "PASSED"), path)
	}

	got = command(t.Context(), "version")
	require.Equal(t, exitOK, got.code)
	require.Regexp(t, `^parley-load \S+ commit \S+ built \S+ go1\.\S+ \w+/\w+\n$`, got.stdout)
	require.Equal(t, exitOK, command(t.Context(), "--help").code)
}
