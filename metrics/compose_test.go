package metrics_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// Prometheus takes the configuration that compose.yaml gives it, rules included.
func TestComposeConfiguresPrometheus(t *testing.T) {
	data, err := os.ReadFile("../configs/compose.yaml")
	require.NoError(t, err)
	var compose struct {
		Configs map[string]struct{ Content string }
	}
	require.NoError(t, yaml.Unmarshal(data, &compose))
	here, err := filepath.Abs("rules")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "prometheus.yml")
	text := strings.ReplaceAll(compose.Configs["prometheus"].Content, "/etc/prometheus/rules", here)
	require.Contains(t, text, here)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	promtool(t, "check", "config", file)
}
