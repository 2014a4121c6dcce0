package configs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

var errFull = errors.New("disk full")

func TestLocalFile(t *testing.T) {
	c, _, err := configs.Load("local.yaml", nil, nil)
	require.NoError(t, err)
	require.Equal(t, configs.Log{Level: "debug", Format: "text"}, c.Log)
	require.Contains(t, c.HTTP.AllowedOrigins, "http://localhost:5173")
	require.Equal(t, configs.Default().Store, c.Store, "make run and the file share their data")
}

func TestProductionFile(t *testing.T) {
	c, _, err := configs.Load("production.yaml", nil, nil)
	require.NoError(t, err)
	require.Equal(t, configs.Log{Level: "info", Format: "json"}, c.Log)
	require.True(t, c.Limits.Enabled)
	require.Positive(t, c.Limits.SocketsPerUser)
	require.Less(t, c.Shutdown.Grace, 30*time.Second)
	for _, s := range c.TURN.ICEServers {
		require.Empty(t, s.Credential, "secrets come from the environment")
	}
}

// deployed lists the files that somebody deploys, from this folder.
func deployed(t *testing.T) []string {
	t.Helper()
	names := []string{"../Dockerfile", ".env.example", "haproxy.cfg"}
	require.NoError(t, filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if filepath.Ext(name) == ".yaml" {
			names = append(names, name)
		}
		return err
	}))
	return names
}

func TestVariablesNamedInFilesAreKeys(t *testing.T) {
	known := map[string]bool{"PARLEY_PORT": true} // Kubernetes' own, which a comment tells of
	for _, key := range configs.Keys() {
		known[key.Env] = true
	}
	for _, name := range deployed(t) {
		for _, env := range regexp.MustCompile(`\bPARLEY_[A-Z0-9_]+`).FindAllString(content(t, name), -1) {
			require.True(t, known[env], "%s names %s, which sets nothing", name, env)
		}
	}
}

func TestMetricsNamedInFilesExist(t *testing.T) {
	exported := content(t, "../metrics/testdata/metrics.golden")
	for _, name := range deployed(t) {
		for _, metric := range regexp.MustCompile(`\bparley_[a-z_]+`).FindAllString(content(t, name), -1) {
			require.Contains(t, exported, "# TYPE "+metric+" ", "%s names it", name)
		}
	}
}

// TestKeysNamedInFilesExist looks at comments, where keys are named to explain others.
func TestKeysNamedInFilesExist(t *testing.T) {
	known, sections := map[string]bool{}, map[string]bool{}
	for _, key := range configs.Keys() {
		known[key.Name] = true
		section, _, _ := strings.Cut(key.Name, ".")
		sections[section] = true
	}
	for _, name := range deployed(t) {
		for _, comment := range regexp.MustCompile(`(?m)(^|\s)#.*$`).FindAllString(content(t, name), -1) {
			for _, m := range regexp.MustCompile(`(?:^|\s)([a-z]+)\.[a-z_]+(\.[a-z_]+)?\b`).FindAllStringSubmatch(comment, -1) {
				key := strings.TrimSpace(m[0])
				require.True(t, known[key] || !sections[m[1]], "%s names the key %s, which there is not", name, key)
			}
		}
	}
}

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(b)
}

// pinned requires an image of one version.
func pinned(t *testing.T, image string) {
	t.Helper()
	_, tag, _ := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":")
	require.True(t, image == "parley:local" || regexp.MustCompile(`^v?\d+\.\d+(\.\d+)?(-|$)`).MatchString(tag), "%q is of no version", image)
}
