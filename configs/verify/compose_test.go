package verify

import (
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
)

const composeFile = "../compose.yaml"

// load reads compose.yaml as Docker Compose does.
func load(t *testing.T, environment map[string]string) (*types.Project, error) {
	t.Helper()
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  "..",
		ConfigFiles: []types.ConfigFile{{Filename: composeFile}},
		Environment: environment,
	})
}

// example is .env.example with every empty value filled in.
func example(t *testing.T) map[string]string {
	t.Helper()
	environment, err := dotenv.Read("../.env.example")
	require.NoError(t, err)
	for name, value := range environment {
		if value == "" {
			environment[name] = "5ecre7"
		}
	}
	return environment
}

func TestComposeReadsTheFile(t *testing.T) {
	project, err := load(t, example(t))
	require.NoError(t, err)
	for _, name := range []string{"node-a", "node-b"} {
		node, err := project.GetService(name)
		require.NoError(t, err)
		require.Equal(t, "unless-stopped", node.Restart, "merged from what all have in common")
		require.True(t, node.ReadOnly)
		require.Equal(t, types.StringList{"ALL"}, types.StringList(node.CapDrop))
		require.Equal(t, name, *node.Environment["PARLEY_NODE_ID"])
		require.Contains(t, *node.Environment["PARLEY_STORE_DSN"], ":5ecre7@postgres:5432/")
		require.Contains(t, *node.Environment["PARLEY_CLUSTER_REDIS_URL"], ":5ecre7@redis:6379")
		require.Equal(t, 30*time.Second, time.Duration(*node.StopGracePeriod))
		require.Equal(t, 1048576, node.Ulimits["nofile"].Single)
		require.EqualValues(t, 1<<30, node.MemLimit)
	}
}

// Without a secret nothing starts: there is no default for one.
func TestComposeWantsEverySecret(t *testing.T) {
	for name, value := range example(t) {
		if value != "5ecre7" {
			continue
		}
		environment := example(t)
		delete(environment, name)
		_, err := load(t, environment)
		require.ErrorContains(t, err, name)
	}
}
