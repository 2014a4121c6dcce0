package configs_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func TestProblemTellsKeyExpectationAndSourceOnOneLine(t *testing.T) {
	for want, p := range map[string]configs.Problem{
		"a.b: want x (from F)": {Key: "a.b", Want: "want x", Source: "F"},
		"a.b: want x":          {Key: "a.b", Want: "want x"},
		"want x (from F)":      {Want: "want x", Source: "F"},
		"a b: want x  y":       {Key: "a\nb", Want: "want x\r\ny"},
	} {
		require.Equal(t, want, p.String())
	}
	require.Equal(t, "a: want x\nb: want y", configs.Problems{{Key: "a", Want: "want x"}, {Key: "b", Want: "want y"}}.Error())
}

func TestValidateOfAConfigMadeByHand(t *testing.T) {
	c := configs.Default()
	c.HTTP.Addr = "nowhere"
	c.HTTP.AllowedOrigins = []string{"one", "two"}
	c.Auth.Argon2 = configs.Argon2{MemoryKiB: 8, Time: 1, Threads: 2}

	var found configs.Problems
	require.ErrorAs(t, c.Validate(), &found)
	require.Len(t, found, 3, "one for each key: %v", found)
	require.Equal(t, "http.addr", found[0].Key)
	require.Contains(t, found[1].Want, `"one"`, "the first bad origin stands for all")
	require.Equal(t, "want a whole number from 16 to 4194304, got 8", found[2].Want, "8 KiB for each lane")
	for _, p := range found {
		require.Empty(t, p.Source, "nobody knows where it came from")
	}
}

func TestProblemsComeInTheSameOrderEachTime(t *testing.T) {
	path := file(t, "z: 1\na: 1\nm: {x: 1}\nhttp: {z: 1, a: 1}\n")
	first := problems(t, path, map[string]string{"q": "1", "b": "1"}, "PARLEY_LOG_LEVEL=x", "PARLEY_EDGE_SHARDS=x")
	require.Len(t, first, 9)
	for range 20 {
		again := problems(t, path, map[string]string{"q": "1", "b": "1"}, "PARLEY_EDGE_SHARDS=x", "PARLEY_LOG_LEVEL=x")
		require.Equal(t, first, again)
	}
}

func TestLongValuesAreCut(t *testing.T) {
	got := problems(t, "", map[string]string{"log.level": strings.Repeat("ä", 10_000)})
	require.Len(t, got, 1)
	require.Less(t, len(got[0]), 400)
	require.Contains(t, got[0], "ää…")
}

func TestUnknownKeysAreToldWhatIsThere(t *testing.T) {
	for content, want := range map[string]string{
		"http: {tls: {crt: x}}":    "http.tls.crt: unknown key, http.tls takes cert, key",
		"http: {addr: {x: 1}}":     "http.addr: want text",
		"auth: {argon2: fast}":     "auth.argon2: want a section with keys memory_kib, threads, time",
		"log.levels: info":         "log.levels: unknown key, log takes format, level",
		"HTTP: {addr: ':1'}":       "HTTP: unknown key, want one of admin",
		"limits: {frame-bytes: 1}": "limits.frame-bytes: unknown key, limits takes body_bytes",
		"log: [info]":              "log: want a section with keys format, level",
	} {
		got := problems(t, file(t, content), nil)
		require.Len(t, got, 1, content)
		require.True(t, strings.HasPrefix(got[0], want), "%s\ngave %s", content, got[0])
	}
}

func TestKeysMayBeWrittenWithDots(t *testing.T) {
	c, _, err := configs.Load(file(t, "log.level: warn\nhttp.tls: {cert: a, key: b}\n"), nil, nil)
	require.NoError(t, err)
	require.Equal(t, "warn", c.Log.Level)
	require.Equal(t, configs.TLS{Cert: "a", Key: "b"}, c.HTTP.TLS)
}
