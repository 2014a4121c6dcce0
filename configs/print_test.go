package configs_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func printed(t *testing.T, c configs.Config) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, configs.Print(&out, c))
	return out.String()
}

func TestWhatIsPrintedCanBeLoaded(t *testing.T) {
	want, _, err := configs.Load("", map[string]string{
		"http.allowed_origins": "https://a.example,*.b.example",
		"edge.heartbeat":       "1m30s",
		"admin.addr":           "",
		"turn.ice_servers":     `[{"urls":["stun:a.example","stun:b.example"]}]`,
	}, nil)
	require.NoError(t, err)
	got, _, err := configs.Load(file(t, printed(t, want)), nil, nil)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestPrintHidesSecretsAndNothingElse(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://ann:hunter2@db:5432/parley?sslmode=require": "postgres://ann:***@db:5432/parley?sslmode=require",
		"postgres://ann@db/parley?password=hunter2":             "postgres://ann@db/parley?password=***",
		"postgres://db/parley?sslpassword=hunter2":              "postgres://db/parley?sslpassword=***",
		"postgres://db/parley":                                  "postgres://db/parley",
		"sqlite:data/parley.db":                                 "sqlite:data/parley.db",
		"hunter2":                                               "***",
		"%zz:hunter2":                                           "***",
	} {
		c := configs.Default()
		c.Store.DSN = dsn
		c.Cluster.RedisURL = "redis://:hunter2@r:6379/0"
		c.TURN.ICEServers = []configs.ICEServer{{URLs: []string{"turn:t"}, Username: "ann", Credential: "hunter2"}}
		c.TURN.Secret = "http://hunter2" // whatever it looks like
		out := printed(t, c)
		require.NotContains(t, out, "hunter2")
		require.Contains(t, out, want)
		require.Contains(t, out, "redis://:***@r:6379/0")
		require.Contains(t, out, "username: ann")
		require.Contains(t, out, "secret: '***'")
		require.Equal(t, "hunter2", c.TURN.ICEServers[0].Credential, "the configuration itself is left alone")
	}
}

func TestPrintShowsEveryKeyInOrder(t *testing.T) {
	out := printed(t, configs.Default())
	at := 0
	for _, key := range configs.Keys() {
		name := key.Name[strings.LastIndexByte(key.Name, '.')+1:] + ":"
		next := strings.Index(out[at:], name)
		require.GreaterOrEqual(t, next, 0, "%s is missing after %q", key.Name, out[:at])
		at += next
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestPrintReportsAWriterThatFails(t *testing.T) {
	require.Error(t, configs.Print(failing{}, configs.Default()))
}
