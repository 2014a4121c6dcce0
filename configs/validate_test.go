package configs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func TestBoundsOfEveryKey(t *testing.T) {
	for _, c := range []struct {
		key  string
		good []string
		bad  []string
	}{
		{"http.addr", []string{":0", "127.0.0.1:80", "[::1]:8080", "localhost:65535"}, []string{"", "8080", ":http", ":65536", "a:b:c"}},
		{"http.allowed_origins", []string{"", "*", "*.example.com", "https://a.example", "http://localhost:3000", "https://*.example.com"}, []string{"example.com", "https://a.example/", "ftp://a", "*.", "*.*.a", "null", "https://*", "https://a.*.b"}},
		{"http.read_header_timeout", []string{"1s"}, []string{"0", "-1s", "1h"}},
		{"http.idle_timeout", []string{"0", "1m"}, []string{"-1s"}},
		{"admin.addr", []string{"", "0.0.0.0:9090"}, []string{"9090"}},
		{"store.dsn", []string{"sqlite:x.db", "sqlite:/var/x.db", "postgres://u:p@h/d", "postgresql://h/d"}, []string{"", "sqlite:", "mysql://h/d", "postgres:", "x.db"}},
		{"store.connections", []string{"2", "1000"}, []string{"0", "1", "-1", "1001"}},
		{"cluster.redis_url", []string{"", "redis://h:6379", "rediss://:p@h:6379/1", "redis+cluster://h:1,i:2", "redis+sentinel://h:1,i:2/m"}, []string{"h:6379", "http://h", "redis://", "redis+sentinel://h:1"}},
		{"cluster.lease", []string{"1s", "10m"}, []string{"0", "500ms", "11m"}},
		{"node.id", []string{"", "a", "node-1.eu_b"}, []string{"a b", "ä", "a/b"}},
		{"edge.shards", []string{"0", "64"}, []string{"-1", "100000"}},
		{"edge.spill", []string{"0", "1", "512"}, []string{"-1", "10000000"}},
		{"edge.heartbeat", []string{"1s", "25s"}, []string{"0", "1ms", "1h"}},
		{"edge.handshake_timeout", []string{"10s"}, []string{"0"}},
		{"edge.close_timeout", []string{"5s"}, []string{"0"}},
		{"edge.deflate", []string{"", "chat", "call, chat"}, []string{"true", "room", "chat call"}},
		{"limits.frame_bytes", []string{"0", "1024", "262144"}, []string{"1", "-1", "999999999"}},
		{"limits.body_bytes", []string{"0", "1024"}, []string{"1", "-1"}},
		{"limits.message_chars", []string{"0", "1", "4000"}, []string{"-1"}},
		{"limits.outbound_bytes", []string{"0", "65536"}, []string{"-1", "65535"}},
		{"limits.resume_bytes", []string{"0", "1024"}, []string{"-1", "1"}},
		{"limits.sockets_per_user", []string{"0", "1"}, []string{"-1"}},
		{"limits.sockets_per_address", []string{"0", "1"}, []string{"-1"}},
		{"auth.hash_concurrency", []string{"0", "4"}, []string{"-1"}},
		{"auth.hash_queue", []string{"0", "64"}, []string{"-1"}},
		{"auth.ticket_ttl", []string{"30s"}, []string{"0", "2h"}},
		{"auth.argon2.memory_kib", []string{"8", "19456"}, []string{"7", "0"}},
		{"auth.argon2.time", []string{"1"}, []string{"0"}},
		{"auth.argon2.threads", []string{"1", "255"}, []string{"0", "256"}},
		{"calls.max_participants", []string{"0", "2", "8"}, []string{"1", "-1"}},
		{"turn.ice_servers", []string{
			"", "[]", `[{"urls":"stun:a"}]`, `[{"urls":["stuns:a:5349","stun:[::1]:3478"]}]`,
			`[{"urls":"turn:a?transport=udp","username":"u","credential":"c"}]`,
		}, []string{
			"[{}]", `[{"urls":[]}]`, `[{"urls":"http://a"}]`, `[{"urls":"stun:"}]`, `[{"urls":"stun:a?transport=udp"}]`,
			`[{"urls":"turn:a"}]`, `[{"urls":"turn:a","username":"u"}]`, `[{"urls":"turn:a?x=1","username":"u","credential":"c"}]`, `{"urls":"stun:a"}`, `[1]`,
		}},
		{"turn.secret", []string{"", "hunter2/+=~!"}, []string{"a b", "hunter2\n", "h\u00fcnter", "\x7f"}},
		{"turn.ttl", []string{"1m", "720h"}, []string{"0", "59s", "-1h", "721h", "12"}},
		{"log.level", []string{"debug", "error"}, []string{"", "INFO", "trace"}},
		{"log.format", []string{"text", "json"}, []string{"", "xml"}},
		{"edge.resume_window", []string{"0", "10m"}, []string{"-1s", "11m"}},
		{"drain.rate", []string{"1", "1000000"}, []string{"0", "1000001"}},
		{"limits.resume_frames", []string{"0", "1000000"}, []string{"-1", "1000001"}},
		{"limits.resume_node_bytes", []string{"0", "1099511627776"}, []string{"-1", "1099511627777"}},
		{"limits.subscriptions", []string{"0", "1000000"}, []string{"-1", "1000001"}},
		{"shutdown.grace", []string{"0", "20s"}, []string{"-1s", "2h"}},
	} {
		for _, text := range c.good {
			_, _, err := configs.Load("", with(c.key, text), nil)
			require.NoError(t, err, "%s=%s", c.key, text)
		}
		for _, text := range c.bad {
			_, _, err := configs.Load("", with(c.key, text), nil)
			require.ErrorContains(t, err, c.key+": want", "%s=%s", c.key, text)
		}
	}
}

func TestEveryKeyHasItsBoundsTested(t *testing.T) {
	untested := map[string]bool{"limits.enabled": true, "http.tls.cert": true, "http.tls.key": true}
	for _, key := range configs.Keys() {
		if untested[key.Name] {
			continue
		}
		bad := map[string]string{key.Name: "\x00"}
		_, _, err := configs.Load("", bad, nil)
		require.ErrorContains(t, err, key.Name, "nonsense in %s was taken", key.Name)
	}
}

// with sets a key, and what it needs.
func with(key, text string) map[string]string {
	if key == "cluster.redis_url" && text != "" {
		return map[string]string{key: text, "store.dsn": "postgres://h/d"}
	}
	return map[string]string{key: text}
}

func TestNodesThatAreJoinedShareTheirData(t *testing.T) {
	_, _, err := configs.Load("", map[string]string{"cluster.redis_url": "redis://h"}, nil)
	require.ErrorContains(t, err, "store.dsn: want postgres://")
	_, _, err = configs.Load("", map[string]string{"cluster.redis_url": "redis://h", "store.dsn": "postgres://h/d"}, nil)
	require.NoError(t, err)
}

func TestCertificateAndKeyGoTogether(t *testing.T) {
	_, _, err := configs.Load("", map[string]string{"http.tls.cert": "a"}, nil)
	require.ErrorContains(t, err, "http.tls.key")
	_, _, err = configs.Load("", map[string]string{"http.tls.key": "a"}, nil)
	require.ErrorContains(t, err, "http.tls.cert")
	_, _, err = configs.Load("", map[string]string{"http.tls.key": "a", "http.tls.cert": "b"}, nil)
	require.NoError(t, err)
}

func TestLargestFrameFitsTheOutboundQueue(t *testing.T) {
	_, _, err := configs.Load("", map[string]string{"limits.frame_bytes": "1048576"}, nil)
	require.ErrorContains(t, err, "limits.outbound_bytes: want at least limits.frame_bytes")
	_, _, err = configs.Load("", map[string]string{"limits.frame_bytes": "1048576", "limits.outbound_bytes": "x"}, nil)
	require.NotContains(t, err.Error(), "at least", "the cause is told, not what follows from it")
}

func TestEffectiveLimits(t *testing.T) {
	l := configs.Default().Limits
	l.SocketsPerUser, l.SocketsPerAddress = 5, 6
	require.Equal(t, l, l.Effective(), "what is set stays")

	l.Enabled = false
	off := l.Effective()
	require.Zero(t, off.SocketsPerUser)
	require.Zero(t, off.SocketsPerAddress)
	require.Equal(t, 65536, off.FrameBytes, "sizes protect memory even in a load test")

	sizes := configs.Limits{Enabled: true}.Effective()
	require.Positive(t, sizes.FrameBytes)
	require.Positive(t, sizes.BodyBytes)
	require.Positive(t, sizes.MessageChars)
	require.Positive(t, sizes.ResumeBytes)
	require.GreaterOrEqual(t, sizes.OutboundBytes, sizes.FrameBytes)
}

// With a secret a TURN server needs no credentials; but half of them is a mistake.
func TestATURNSecretStandsForCredentials(t *testing.T) {
	set := func(servers string) map[string]string {
		return map[string]string{"turn.secret": "hunter2", "turn.ice_servers": servers}
	}
	for _, good := range []string{
		`[{"urls":["stun:a","turn:a","turns:a?transport=tcp"]}]`,
		`[{"urls":"turn:a"},{"urls":"turn:b","username":"u","credential":"c"}]`,
	} {
		_, _, err := configs.Load("", set(good), nil)
		require.NoError(t, err, good)
	}
	for _, bad := range []string{
		`[{"urls":"turn:a","username":"u"}]`, `[{"urls":"turns:a","credential":"c"}]`, `[{"urls":"turn:"}]`,
	} {
		_, _, err := configs.Load("", set(bad), nil)
		require.ErrorContains(t, err, "turn.ice_servers: want", bad)
		require.NotContains(t, err.Error(), "hunter2")
	}
	_, _, err := configs.Load("", map[string]string{"turn.secret": "hunter2\n"}, nil)
	require.ErrorContains(t, err, "turn.secret: want")
	require.NotContains(t, err.Error(), "hunter2")
}
