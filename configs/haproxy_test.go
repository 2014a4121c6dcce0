package configs_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

// directives are the lines of haproxy.cfg without comments, single-spaced.
func directives(t *testing.T) []string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(content(t, "haproxy.cfg")) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return lines
}

// directive returns what follows a line's beginning.
func directive(t *testing.T, begin string) string {
	t.Helper()
	for _, line := range directives(t) {
		if rest, found := strings.CutPrefix(line, begin+" "); found {
			return rest
		}
	}
	require.Fail(t, "haproxy.cfg has no "+begin)
	return ""
}

func timeout(t *testing.T, name string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(directive(t, "timeout "+name))
	require.NoError(t, err)
	return d
}

func TestBalancerRemembersNobody(t *testing.T) {
	sticky := regexp.MustCompile(`\b(cookie|stick|stick-table|source|hash|hash-type|rdp-cookie|persist|uri_param|url_param)\b`)
	for _, line := range directives(t) {
		require.NotRegexp(t, sticky, line)
	}
	require.Equal(t, "leastconn", directive(t, "balance"))
}

func TestBalancerTimeOuts(t *testing.T) {
	c := configs.Default()
	require.Greater(t, timeout(t, "tunnel"), 2*c.Edge.Heartbeat+10*time.Second, "a silent socket is Parley's to close")
	require.Less(t, timeout(t, "http-keep-alive"), c.HTTP.IdleTimeout, "the balancer closes first")
	require.Greater(t, timeout(t, "check"), 2*time.Second, "a dependency's probe may take as long")
}

// A request that a node may have seen is never sent to another: it may have been done.
func TestBalancerRetriesWhatNobodyHasSeen(t *testing.T) {
	require.Equal(t, "conn-failure", directive(t, "retry-on"))
	require.Equal(t, "redispatch 1", directive(t, "option"))
}

func TestBalancerServesTheNodesOfCompose(t *testing.T) {
	c := readCompose(t)
	var servers []string
	for _, line := range directives(t) {
		if words := strings.Fields(line); words[0] == "server" {
			require.Contains(t, c.Services, words[1])
			config := nodeConfig(t, c.Services[words[1]])
			require.Equal(t, words[1]+config.HTTP.Addr, words[2])
			servers = append(servers, words[1])
		}
	}
	require.Len(t, servers, len(nodes(c)))
	require.Equal(t, "meth GET uri /readyz", directive(t, "http-check send"))
	_, port, _ := strings.Cut(nodeConfig(t, nodes(c)[0]).Admin.Addr, ":")
	require.Contains(t, directive(t, "default-server"), "check port "+port+" ")
	require.NotContains(t, content(t, "haproxy.cfg"), "\n    on-marked-down", "who drains keeps its clients")
	require.NotContains(t, directive(t, "default-server"), "on-marked-down")
}
