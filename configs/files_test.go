package configs_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

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

func TestVariablesNamedInFilesAreKeys(t *testing.T) {
	known := map[string]bool{}
	for _, key := range configs.Keys() {
		known[key.Env] = true
	}
	for _, name := range []string{"production.yaml", "compose.yaml", "local.yaml", "../Dockerfile"} {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, env := range regexp.MustCompile(`\bPARLEY_[A-Z0-9_]+`).FindAllString(string(content), -1) {
			require.True(t, known[env], "%s names %s, which sets nothing", name, env)
		}
	}
}

// composeFile is what the tests look at of a compose file.
type composeFile struct {
	Services map[string]struct {
		Image       string
		Environment map[string]string
		Volumes     []string
		Healthcheck struct{ Test []string }
		Configs     []struct{ Source string }
	}
	Configs map[string]struct{ Content string }
}

func TestComposeFile(t *testing.T) {
	content, err := os.ReadFile("compose.yaml")
	require.NoError(t, err)
	var c composeFile
	require.NoError(t, yaml.Unmarshal(content, &c))
	require.Equal(t, []string{"CMD", "/parley", "health"}, c.Services["parley"].Healthcheck.Test)

	for name, service := range c.Services {
		_, tag, pinned := strings.Cut(service.Image, ":")
		require.True(t, pinned && tag != "latest", "%s is not pinned: %q", name, service.Image)
		for _, used := range service.Configs {
			require.Contains(t, c.Configs, used.Source, name)
		}
		for _, volume := range service.Volumes {
			if from, _, _ := strings.Cut(volume, ":"); strings.HasPrefix(from, "../") {
				require.DirExists(t, from, name)
			}
		}
	}
	for name, provided := range c.Configs {
		require.NoError(t, yaml.Unmarshal([]byte(provided.Content), &map[string]any{}), name)
	}

	var environ []string
	for name, value := range c.Services["parley"].Environment {
		environ = append(environ, name+"="+value)
	}
	_, warnings, err := configs.Load("", nil, environ)
	require.NoError(t, err)
	require.Empty(t, warnings)
}
