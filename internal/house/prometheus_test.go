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
	require.Empty(t, prometheus(fixture(t, "edge/edge.go", "package x\n\nimport \"net/http\"\n")))
}

func prometheus(sources []source) (found []string) {
	for _, s := range sources {
		for _, imported := range s.file.Imports {
			if strings.HasPrefix(imported.Path.Value, `"github.com/prometheus/`) && !within(s.path, "metrics") {
				found = append(found, s.at(imported)+": only metrics imports Prometheus; declare a small interface for what is observed")
			}
		}
	}
	return found
}
