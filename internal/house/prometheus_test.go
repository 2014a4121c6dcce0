package house

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyMetricsImportsPrometheus(t *testing.T) {
	require.Empty(t, prometheus(ours(t)))
}

func TestPrometheusRuleCanFail(t *testing.T) {
	const file = "package x\n\nimport _ \"github.com/prometheus/client_golang/prometheus\"\n"
	require.Len(t, prometheus(fixture(t, "edge/edge.go", file)), 1)
	require.Len(t, prometheus(fixture(t, "metricsother/x.go", file)), 1)
	require.Empty(t, prometheus(fixture(t, "metrics/edge.go", file)))
	require.Empty(t, prometheus(fixture(t, "loadtest/exporter/x.go", file)))
	require.Len(t, prometheus(fixture(t, "loadtest/calls/x.go", file)), 1)
	require.Empty(t, prometheus(fixture(t, "edge/edge.go", "package x\n\nimport \"net/http\"\n")))
}

// exports tells who speaks to Prometheus: the server's metrics, and the load test's,
// which must not import the server.
func exports(path string) bool { return within(path, "metrics") || within(path, "loadtest/exporter") }

func prometheus(sources []source) (found []string) {
	for _, s := range sources {
		for _, imported := range s.file.Imports {
			if strings.HasPrefix(imported.Path.Value, `"github.com/prometheus/`) && !exports(s.path) {
				found = append(found, s.at(imported)+": only metrics imports Prometheus; declare a small interface for what is observed")
			}
		}
	}
	return found
}
