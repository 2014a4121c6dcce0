package configs_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func TestKeysAreTheContracts(t *testing.T) {
	got := map[string]string{}
	for _, key := range configs.Keys() {
		got[key.Name] = key.Default
	}
	require.Equal(t, map[string]string{
		"http.addr": `":8080"`, "http.tls.cert": `""`, "http.tls.key": `""`, "http.allowed_origins": "[]",
		"http.read_header_timeout": "10s", "http.idle_timeout": "2m", "http.page": "true",
		"admin.addr": "127.0.0.1:9090", "store.dsn": "sqlite:data/parley.db", "store.connections": "20", "cluster.redis_url": `""`, "node.id": `""`,
		"edge.shards": "0", "edge.spill": "512", "edge.heartbeat": "25s", "edge.handshake_timeout": "10s", "edge.close_timeout": "5s",
		"cluster.lease": "12s", "edge.deflate": "[]", "edge.resume_window": "20s", "drain.rate": "1000",
		"limits.resume_frames": "1024", "limits.resume_node_bytes": "268435456", "limits.subscriptions": "128",
		"limits.enabled": "true", "limits.frame_bytes": "65536", "limits.body_bytes": "65536", "limits.message_chars": "4000",
		"limits.outbound_bytes": "262144", "limits.resume_bytes": "65536", "limits.sockets_per_user": "0", "limits.sockets_per_address": "0",
		"auth.hash_concurrency": "0", "auth.hash_queue": "64", "auth.ticket_ttl": "30s",
		"auth.argon2.memory_kib": "19456", "auth.argon2.time": "2", "auth.argon2.threads": "1",
		"calls.max_participants": "8", "turn.ice_servers": "[]", "turn.secret": `""`, "turn.ttl": "12h",
		"log.level": "info", "log.format": "text", "shutdown.grace": "20s",
	}, got)
}

func TestEveryKeyIsDescribedAndHasItsOwnVariable(t *testing.T) {
	seen := map[string]string{}
	for _, key := range configs.Keys() {
		require.Equal(t, configs.EnvPrefix+strings.ToUpper(strings.ReplaceAll(key.Name, ".", "_")), key.Env)
		require.NotContains(t, seen, key.Env, "%s and %s share a variable", key.Name, seen[key.Env])
		seen[key.Env] = key.Name
		require.True(t, strings.HasSuffix(key.About, "."), "%s is described by a sentence, not %q", key.Name, key.About)
		require.NotContains(t, key.About, "\n")
	}
}

func TestDefaultsCanBeWrittenAsTold(t *testing.T) {
	for _, key := range configs.Keys() {
		parts := strings.Split(key.Name, ".")
		line := strings.Join(parts, ": {") + ": " + key.Default + strings.Repeat("}", len(parts)-1)
		c, _, err := configs.Load(file(t, line), nil, nil)
		require.NoError(t, err, line)
		require.Equal(t, configs.Default(), c, line)
	}
}
