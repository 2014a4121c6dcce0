package configs_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"parley/configs"
)

// composeFile is what the tests look at of a compose file.
type composeFile struct {
	Services map[string]composeService
	Configs  map[string]struct{ Content string }
	Networks map[string]struct{ Internal bool }
}

type composeService struct {
	Image           string
	Command         []string
	Environment     map[string]string
	Volumes         []string
	Ports           []string
	Networks        []string
	Restart         string
	ReadOnly        bool          `yaml:"read_only"`
	CapDrop         []string      `yaml:"cap_drop"`
	MemLimit        string        `yaml:"mem_limit"`
	StopGracePeriod time.Duration `yaml:"stop_grace_period"`
	Ulimits         map[string]int
	Healthcheck     struct {
		Test    []string
		Disable bool
	}
	Configs []struct{ Source string }
}

// readCompose replaces variables as Compose does, by .env.example, with a password
// where that has none.
func readCompose(t *testing.T) composeFile {
	t.Helper()
	set := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^([A-Z_]+)=(.*)$`).FindAllStringSubmatch(content(t, ".env.example"), -1) {
		set[m[1]] = m[2]
		if m[2] == "" {
			set[m[1]] = "5ecre7"
		}
	}
	used := map[string]bool{}
	text := regexp.MustCompile(`\$\{([A-Z_]+):[-?][^}]*\}`).ReplaceAllStringFunc(content(t, "compose.yaml"), func(s string) string {
		name, _, _ := strings.Cut(s[2:], ":")
		require.Contains(t, set, name, ".env.example lacks it")
		used[name] = true
		return set[name]
	})
	require.Len(t, used, len(set), ".env.example sets what nothing reads")
	var c composeFile
	require.NoError(t, yaml.Unmarshal([]byte(text), &c))
	return c
}

func nodes(c composeFile) []composeService {
	return []composeService{c.Services["node-a"], c.Services["node-b"]}
}

// nodeConfig is the configuration that a service's environment makes.
func nodeConfig(t *testing.T, service composeService) configs.Config {
	t.Helper()
	var environ []string
	for name, value := range service.Environment {
		if strings.HasPrefix(name, configs.EnvPrefix) {
			environ = append(environ, name+"="+value)
		}
	}
	c, warnings, err := configs.Load("", nil, environ)
	require.NoError(t, err)
	require.Empty(t, warnings)
	return c
}

func TestComposeServices(t *testing.T) {
	c := readCompose(t)
	for name, service := range c.Services {
		pinned(t, service.Image)
		require.True(t, service.ReadOnly, "%s writes to its root", name)
		require.Equal(t, []string{"ALL"}, service.CapDrop, name)
		require.NotEmpty(t, service.MemLimit, name)
		require.NotEmpty(t, service.Networks, name)
		if name == "migrate" {
			require.Equal(t, "no", service.Restart)
			require.True(t, service.Healthcheck.Disable)
			continue
		}
		require.Equal(t, "unless-stopped", service.Restart, name)
		require.NotEmpty(t, service.Healthcheck.Test, name)
		require.Positive(t, service.StopGracePeriod, name)
	}
}

func TestComposeFilesExist(t *testing.T) {
	c := readCompose(t)
	for name, service := range c.Services {
		for _, used := range service.Configs {
			require.Contains(t, c.Configs, used.Source, name)
		}
		for _, volume := range service.Volumes {
			if from, _, _ := strings.Cut(volume, ":"); strings.HasPrefix(from, ".") {
				if strings.HasSuffix(from, ".cfg") {
					require.FileExists(t, from, name)
				} else {
					require.DirExists(t, from, name)
				}
			}
		}
	}
	for name, provided := range c.Configs {
		require.NoError(t, yaml.Unmarshal([]byte(provided.Content), &map[string]any{}), name)
	}
}

func TestComposeNodes(t *testing.T) {
	c := readCompose(t)
	seen := map[string]bool{}
	for _, node := range nodes(c) {
		config := nodeConfig(t, node)
		require.NotEmpty(t, config.Node.ID)
		require.False(t, seen[config.Node.ID], "one id for two")
		seen[config.Node.ID] = true
		require.Contains(t, config.Store.DSN, "postgres://", "shared by both")
		require.NotEmpty(t, config.Cluster.RedisURL)
		require.Len(t, config.TURN.ICEServers, 1)
		require.Empty(t, config.TURN.ICEServers[0].Credential)
		require.Contains(t, c.Services["coturn"].Command, "--static-auth-secret="+config.TURN.Secret)
		require.Equal(t, ":8080", config.HTTP.Addr)
		require.Equal(t, "0.0.0.0:9090", config.Admin.Addr)
		require.Greater(t, node.StopGracePeriod, config.Shutdown.Grace+5*time.Second, "killed in its drain")
		require.Positive(t, node.Ulimits["nofile"])
		require.Empty(t, node.Ports, "nobody goes around the load balancer")
		// There is no shell and no wget in the image.
		require.Equal(t, []string{"CMD", "/parley", "health"}, node.Healthcheck.Test)
	}
	migrate := c.Services["migrate"]
	require.Equal(t, []string{"migrate"}, migrate.Command)
	require.Equal(t, nodeConfig(t, nodes(c)[0]).Store, nodeConfig(t, migrate).Store, "the same schema")
}

func TestComposeNetworks(t *testing.T) {
	c := readCompose(t)
	require.True(t, c.Networks["data"].Internal)
	for name, service := range c.Services {
		switch name {
		case "coturn":
			require.Equal(t, []string{"turn"}, service.Networks, "it relays for strangers")
		case "balancer", "prometheus", "grafana":
			require.NotContains(t, service.Networks, "data", name)
		case "postgres", "redis", "migrate":
			require.Equal(t, []string{"data"}, service.Networks, name)
			require.Empty(t, service.Ports, name)
		}
		if name != "balancer" && name != "coturn" {
			for _, port := range service.Ports {
				require.True(t, strings.HasPrefix(port, "127.0.0.1:"), "%s shows %s to the world", name, port)
			}
		}
	}
}

func TestComposePrometheusAsksBothNodes(t *testing.T) {
	c := readCompose(t)
	var prometheus struct {
		RuleFiles []string `yaml:"rule_files"`
		Scrape    []struct {
			Job    string `yaml:"job_name"`
			Static []struct {
				Targets []string
			} `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(c.Configs["prometheus"].Content), &prometheus))
	require.Equal(t, "parley", prometheus.Scrape[0].Job, "what the rules look for")
	require.Equal(t, []string{"node-a:9090", "node-b:9090"}, prometheus.Scrape[0].Static[0].Targets)
	for _, file := range prometheus.RuleFiles {
		require.FileExists(t, strings.Replace(file, "/etc/prometheus/", "../metrics/", 1))
	}
}
