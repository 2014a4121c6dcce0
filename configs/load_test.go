package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func TestNothingSetGivesTheDefaults(t *testing.T) {
	c, warnings, err := configs.Load("", nil, nil)
	require.NoError(t, err)
	require.Empty(t, warnings)
	require.Equal(t, configs.Default(), c)
	require.NoError(t, c.Validate())
}

func TestEachLayerIsStrongerThanTheOneBefore(t *testing.T) {
	path := file(t, "http: {addr: ':1001', idle_timeout: 1m}\nadmin: {addr: ''}\nedge: {shards: 3}\n")
	environ := []string{"PARLEY_HTTP_ADDR=:1002", "PARLEY_EDGE_SHARDS=4", "HOME=/", "PARLEYED=1"}
	overrides := map[string]string{"http.addr": ":1003"}

	c, warnings, err := configs.Load(path, overrides, environ)
	require.NoError(t, err)
	require.Empty(t, warnings)
	require.Equal(t, ":1003", c.HTTP.Addr, "the command line over the environment")
	require.Equal(t, 4, c.Edge.Shards, "the environment over the file")
	require.Equal(t, time.Minute, c.HTTP.IdleTimeout, "the file over the default")
	require.Empty(t, c.Admin.Addr, "an empty text is a value")
	require.Equal(t, "sqlite:data/parley.db", c.Store.DSN)
}

func TestEveryTypeInAFile(t *testing.T) {
	c, _, err := configs.Load(file(t, `
http:
  tls: {cert: a.pem, key: b.pem}
  allowed_origins: [https://a.example, "*.b.example"]
edge: {heartbeat: 1m30s}
limits: {enabled: false, sockets_per_user: 7}
turn:
  ice_servers:
    - urls: stun:stun.example:3478
    - {urls: ["turn:turn.example", "turns:turn.example?transport=tcp"], username: u, credential: c}
log:
# a section whose every line is commented out
shutdown: {grace: 0}
`), nil, nil)
	require.NoError(t, err)
	require.Equal(t, configs.TLS{Cert: "a.pem", Key: "b.pem"}, c.HTTP.TLS)
	require.Equal(t, []string{"https://a.example", "*.b.example"}, c.HTTP.AllowedOrigins)
	require.Equal(t, 90*time.Second, c.Edge.Heartbeat)
	require.False(t, c.Limits.Enabled)
	require.Equal(t, 7, c.Limits.SocketsPerUser)
	require.Equal(t, []configs.ICEServer{
		{URLs: []string{"stun:stun.example:3478"}},
		{URLs: []string{"turn:turn.example", "turns:turn.example?transport=tcp"}, Username: "u", Credential: "c"},
	}, c.TURN.ICEServers)
	require.Equal(t, configs.Default().Log, c.Log)
	require.Zero(t, c.Shutdown.Grace)
}

func TestEveryTypeInTheEnvironment(t *testing.T) {
	c, _, err := configs.Load("", nil, []string{
		"PARLEY_HTTP_ALLOWED_ORIGINS= https://a.example , *.b.example,",
		"PARLEY_EDGE_HEARTBEAT=1m30s",
		"PARLEY_LIMITS_ENABLED=false",
		"PARLEY_LIMITS_SOCKETS_PER_USER=7",
		`PARLEY_TURN_ICE_SERVERS=[{"urls":["turn:t.example"],"username":"u","credential":"p=w"}]`,
	})
	require.NoError(t, err)
	require.Equal(t, []string{"https://a.example", "*.b.example"}, c.HTTP.AllowedOrigins)
	require.Equal(t, 90*time.Second, c.Edge.Heartbeat)
	require.False(t, c.Limits.Enabled)
	require.Equal(t, 7, c.Limits.SocketsPerUser)
	require.Equal(t, "p=w", c.TURN.ICEServers[0].Credential)
}

func TestUnknownVariableIsAWarning(t *testing.T) {
	_, warnings, err := configs.Load("", nil, []string{"PARLEY_HTPT_ADDR=:1", "PARLEY_PORT=tcp://10.0.0.1:80"})
	require.NoError(t, err)
	require.Len(t, warnings, 2)
	require.Contains(t, warnings[0], "PARLEY_HTPT_ADDR")
	require.Contains(t, warnings[1], "PARLEY_PORT")
}

func TestEveryProblemIsToldAtOnceAndNamesItsKeyAndSource(t *testing.T) {
	path := file(t, "htp: {addr: ':1'}\nhttp: {adr: ':1'}\nedge: {heartbeat: 25}\nlimits: 5\nlog: {level: loud}\n")
	got := problems(t, path, map[string]string{"nope": "1", "http.addr": "8080"},
		"PARLEY_EDGE_SHARDS=many", "PARLEY_LIMITS_FRAME_BYTES=1")
	require.ElementsMatch(t, []string{
		"htp: unknown key, want one of admin, auth, calls, cluster, drain, edge, http, limits, log, node, shutdown, store, turn (from " + path + ")",
		"http.adr: unknown key, http takes addr, allowed_origins, idle_timeout, page, read_header_timeout, tls (from " + path + ")",
		"edge.heartbeat: want a duration such as 25s, 500ms or 2m, got 25 (from " + path + ")",
		"limits: want a section with keys body_bytes, enabled, frame_bytes, message_chars, outbound_bytes, resume_bytes, resume_frames, resume_node_bytes, sockets_per_address, sockets_per_user, subscriptions (from " + path + ")",
		`log.level: want one of debug, info, warn, error, got "loud" (from ` + path + ")",
		"nope: unknown key, want one of admin, auth, calls, cluster, drain, edge, http, limits, log, node, shutdown, store, turn (from the command line)",
		`http.addr: want host:port such as :8080 or 127.0.0.1:8080, got "8080" (from the command line)`,
		`edge.shards: want a whole number, got "many" (from PARLEY_EDGE_SHARDS)`,
		"limits.frame_bytes: want 0 (off) or a whole number from 1024 to 16777216, got 1 (from PARLEY_LIMITS_FRAME_BYTES)",
	}, got)
}

func TestValuesOfTheWrongTypeAreRefused(t *testing.T) {
	for name, content := range map[string]string{
		"http.addr":              "http: {addr: 8080}",
		"admin.addr":             "admin: {addr: }",
		"limits.enabled":         "limits: {enabled: maybe}",
		"edge.shards":            "edge: {shards: 1.5}",
		"calls.max_participants": "calls: {max_participants: 99999999999999999999}",
		"shutdown.grace":         "shutdown: {grace: soon}",
		"http.allowed_origins":   "http: {allowed_origins: [1]}",
		"turn.ice_servers":       "turn: {ice_servers: [{url: stun:a}]}",
		"log.level":              "log: {level: {deep: 1}}",
	} {
		got := problems(t, file(t, content), nil)
		require.Len(t, got, 1, content)
		require.True(t, strings.HasPrefix(got[0], name+": want "), got[0])
	}
}

func TestFilesThatAreNoConfiguration(t *testing.T) {
	for name, path := range map[string]string{
		"missing":       filepath.Join(t.TempDir(), "none.yaml"),
		"a folder":      t.TempDir(),
		"no YAML":       file(t, "http: ["),
		"a list":        file(t, "- http"),
		"key twice":     file(t, "log: {level: info}\nlog: {level: warn}"),
		"two documents": file(t, "log: {level: info}\n---\nlog: {level: warn}"),
	} {
		got := problems(t, path, nil)
		require.Len(t, got, 1, name)
		require.Contains(t, got[0], path, name)
	}
	c, _, err := configs.Load(file(t, "# nothing but this\n"), nil, nil)
	require.NoError(t, err, "an empty file sets nothing")
	require.Equal(t, configs.Default(), c)
}

func TestProblemsNeverShowSecrets(t *testing.T) {
	got := problems(t, "", nil,
		"PARLEY_STORE_DSN=mysql://u:hunter2@db/x",
		"PARLEY_CLUSTER_REDIS_URL=http://:hunter2@r",
		`PARLEY_TURN_ICE_SERVERS=[{"urls":"turn:t","credential":"hunter2"`)
	require.Len(t, got, 3)
	require.NotContains(t, strings.Join(got, "\n"), "hunter2")
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"local.yaml", "production.yaml", "compose.yaml"} {
		content, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(content, "http.addr", ":80", "PARLEY_LOG_LEVEL=info")
	}
	f.Add([]byte("turn: {ice_servers: [{urls: 1}]}"), "turn.ice_servers", "[{}]", "PARLEY_=1")
	f.Add([]byte("a: &a [*a]"), "limits", "0", "=")
	f.Fuzz(func(t *testing.T, content []byte, key, text, variable string) {
		c, _, err := configs.Load(file(t, string(content)), map[string]string{key: text}, []string{variable})
		if err != nil {
			require.NotEmpty(t, err.Error())
			require.Equal(t, configs.Config{}, c)
			return
		}
		require.NoError(t, c.Validate())
		require.NoError(t, configs.Print(&strings.Builder{}, c))
	})
}
