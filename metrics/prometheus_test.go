package metrics_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/metrics"
)

// TestARealPrometheusAnswersTheDashboard scrapes a node and asks what every
// panel asks: each must find data, and every alert must evaluate.
func TestARealPrometheusAnswersTheDashboard(t *testing.T) {
	m := newMetrics()
	admin := metrics.AdminHandler(m, []metrics.Check{{Name: "store", Probe: ready}})
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exercise(m) // something has happened since the last scrape
		admin.ServeHTTP(w, r)
	}))
	defer node.Close()
	prom := startPrometheus(t, node.Listener.Addr().String())

	variables := strings.NewReplacer("$__rate_interval", "30s", "$job", "parley", "$instance", ".*")
	for _, q := range readDashboard(t).queries() {
		if strings.HasPrefix(q.where, "the annotation") {
			continue // finds data when a node has restarted
		}
		expr := variables.Replace(q.expr)
		require.EventuallyWithT(t, func(c *assert.CollectT) {
			var answer struct{ Result []json.RawMessage }
			require.NoError(c, prom.get(t.Context(), "/api/v1/query?query="+url.QueryEscape(expr), &answer))
			require.NotEmpty(c, answer.Result, "%s finds nothing: %s", q.where, expr)
		}, 30*time.Second, 20*time.Millisecond)
	}

	for _, g := range prom.rules(t) {
		for _, r := range g.Rules {
			require.Equal(t, "ok", r.Health, "the alert %s: %s", r.Name, r.LastError)
			require.Equal(t, "inactive", r.State, "the alert %s, on a node that is well", r.Name)
		}
	}
}

// prometheus is a running Prometheus server's address.
type prometheus string

// startPrometheus runs a server that scrapes target every second, until the
// test ends.
func startPrometheus(t *testing.T, target string) prometheus {
	t.Helper()
	dir := t.TempDir()
	rules, err := filepath.Abs(rulesFile)
	require.NoError(t, err)
	config := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [%q]
scrape_configs:
  - job_name: parley
    static_configs: [{targets: [%q]}]
`, rules, target), 0o600))

	cmd := exec.CommandContext(t.Context(), tool(t, "prometheus"),
		"--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address=127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	log, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())

	listening := regexp.MustCompile(`msg="Listening on".* address=(\S+)`)
	address := make(chan string, 1)
	drained := make(chan struct{})
	var said strings.Builder
	go func() {
		defer close(drained)
		defer close(address)
		for lines := bufio.NewScanner(log); lines.Scan(); {
			said.WriteString(lines.Text() + "\n")
			if match := listening.FindStringSubmatch(lines.Text()); match != nil {
				address <- match[1]
			}
		}
	}()
	t.Cleanup(func() { // t.Context is done by now
		<-drained
		_ = cmd.Wait()
	})
	addr, ok := <-address
	if !ok {
		require.Fail(t, "prometheus did not start", said.String())
	}
	return prometheus("http://" + addr)
}

// get decodes the data of an API answer.
func (p prometheus) get(ctx context.Context, path string, data any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, string(p)+path, nil)
	if err != nil {
		return err
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	body := struct{ Data any }{data}
	if err := json.Unmarshal(text, &body); err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", res.Status, text)
	}
	return nil
}

// ruleGroup is a group of /api/v1/rules.
type ruleGroup struct {
	Rules []struct{ Name, Health, State, LastError string }
}

// rules waits until every rule was evaluated once.
func (p prometheus) rules(t *testing.T) []ruleGroup {
	t.Helper()
	var answer struct{ Groups []ruleGroup }
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.NoError(c, p.get(t.Context(), "/api/v1/rules", &answer))
		require.NotEmpty(c, answer.Groups)
		for _, g := range answer.Groups {
			for _, r := range g.Rules {
				require.NotEqual(c, "unknown", r.Health, "the alert %s was not evaluated", r.Name)
			}
		}
	}, 30*time.Second, 20*time.Millisecond)
	return answer.Groups
}
