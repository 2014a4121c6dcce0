package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

const guideFile = "docs/webrtc.md"

// TestClientParses asks Node.js whether the guide's client is JavaScript.
func TestClientParses(t *testing.T) {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "Node.js is needed; on Debian and Ubuntu: apt-get install --no-install-recommends nodejs")
	for _, f := range scripts(t) {
		file := filepath.Join(t.TempDir(), "client.mjs")
		require.NoError(t, os.WriteFile(file, []byte(f.body), 0o600))
		out, err := exec.CommandContext(t.Context(), node, "--check", file).CombinedOutput()
		require.NoError(t, err, "%s:%d: %s", guideFile, f.line, out)
	}
}

// TestClientStaysAwayWhenItShould compares the codes after which the guide's
// client does not come back with the contract's.
func TestClientStaysAwayWhenItShould(t *testing.T) {
	list := regexp.MustCompile(`const STOP = new Set\(\[([0-9, ]+)\]\)`).FindStringSubmatch(scripts(t)[0].body)
	require.NotNil(t, list, "the client has no set of codes")
	var stops []protocol.CloseCode
	for _, number := range regexp.MustCompile(`[0-9]+`).FindAllString(list[1], -1) {
		code, err := strconv.ParseUint(number, 10, 16)
		require.NoError(t, err)
		stops = append(stops, protocol.CloseCode(code))
	}
	var want []protocol.CloseCode
	for _, code := range protocol.CloseCodes() {
		if !code.ComeBack() {
			want = append(want, code)
		}
	}
	require.ElementsMatch(t, want, stops)
}

// TestClientKnowsTheFrames holds the client's own list of frames against the
// contract's.
func TestClientKnowsTheFrames(t *testing.T) {
	client := scripts(t)[0].body
	for _, m := range regexp.MustCompile(`(?:send\(|write\(\{ type: )'([a-z_]+)'`).FindAllStringSubmatch(client, -1) {
		require.Contains(t, protocol.ClientTypes(), protocol.Type(m[1]))
	}
	for _, m := range regexp.MustCompile(`case '([a-z_]+)'`).FindAllStringSubmatch(client, -1) {
		require.Contains(t, protocol.ServerTypes(), protocol.Type(m[1]))
	}
}

func scripts(t *testing.T) []fence {
	t.Helper()
	var found []fence
	for _, f := range read(t, guideFile).fences {
		if f.lang == "js" {
			found = append(found, f)
		}
	}
	require.NotEmpty(t, found)
	return found
}
