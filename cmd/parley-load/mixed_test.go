package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/nodetest"
	"parley/loadtest/report"
)

const tiny = `
about: a test's
loads:
  calls: {rate: 4, hold: 100ms}
  chat: {sockets: 8, rooms: 2, users: 4, rate: 20}
phases:
  - {duration: 1500ms, weights: {calls: 1, chat: 1}}
fail: [chat.connect.success<1]
`

func TestScenariosAreListed(t *testing.T) {
	got := command(t.Context(), "mixed", "--list")
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Regexp(t, `(?m)^smoke +50s  \S`, got.stdout)
	require.Len(t, strings.Split(strings.TrimSpace(got.stdout), "\n"), 5)
}

func TestAFileIsRun(t *testing.T) {
	url := nodetest.Start(t).URL()
	file, out := write(t, "tiny.yaml", tiny), filepath.Join(t.TempDir(), "out.json")
	got := command(t.Context(), "mixed", file, "--url", url, "--json", out, "--fail", "chat.deliver.done<1", "--scale", "2")
	require.Equal(t, exitOK, got.code, "%s\n%s", got.stdout, got.stderr)
	made, err := report.Read(out)
	require.NoError(t, err)
	require.Equal(t, "tiny", made.Load)
	require.EqualValues(t, 16, made.Recorded.Stages["chat.connect"].Done())
	require.EqualValues(t, 12, made.Recorded.Stages["calls"].Done())
	require.Equal(t, "chat.deliver.done<1", made.Rules[0].Rule)
	require.Equal(t, "chat.connect.success<1", made.Rules[1].Rule)

	got = command(t.Context(), "mixed", file, "--url", url, "--fail", "chat.deliver.p50>1ns", "--scale-time", "0.5")
	require.Equal(t, exitFailed, got.code, "%s\n%s", got.stdout, got.stderr)
}

func TestScenariosThatCannotBe(t *testing.T) {
	for want, args := range map[string][]string{
		"want the name of a scenario or a file":             {},
		"none is neither a file nor one of 15k, 1k, releas": {"none"},
		"want a number above 0":                             {"smoke", "--scale", "0"},
		"a.yaml:\nscenario: line 3: loads.chatt: there is":  {write(t, "a.yaml", "about: x\nloads:\n  chatt: {}\n")},
		"--source: ":                         {"smoke", "--source", "here"},
		"--agents needs --agents-token-file": {"smoke", "--agents", "127.0.0.1:1"},
	} {
		got := command(t.Context(), append([]string{"mixed"}, args...)...)
		require.Equal(t, exitUsage, got.code, "%s\n%s", got.stdout, got.stderr)
		require.Contains(t, got.stderr, want)
	}
}

// Two agents of the command line run a chat and then calls, for one report.
func TestAgentsOfTheCommandLine(t *testing.T) {
	url := nodetest.Start(t).URL()
	token := write(t, "token", "0123456789abcdef")
	at := startAgent(t, token) + "," + startAgent(t, token)
	out := filepath.Join(t.TempDir(), "out.json")
	for stage, c := range map[string]struct {
		done int64
		args []string
	}{
		"connect": {14, []string{"chat", "--sockets", "14", "--rooms", "4", "--users", "6", "--duration", "1s"}},
		"calls":   {5, []string{"calls", "--pairs", "5", "--hold", "300ms"}},
	} {
		got := command(t.Context(), append(c.args, "--url", url, "--agents", at, "--agents-token-file", token, "--json", out)...)
		require.Equal(t, exitOK, got.code, "%s\n%s", got.stdout, got.stderr)
		made, err := report.Read(out)
		require.NoError(t, err)
		require.Equal(t, c.done, made.Recorded.Stages[stage].Done())
		require.Len(t, made.Agents, 2)
	}
	got := command(t.Context(), "calls", "--pairs", "2", "--url", url, "--agents", "127.0.0.1:1", "--agents-token-file", token)
	require.Equal(t, exitUnable, got.code)
	require.Contains(t, got.stderr, "refused")
	got = command(t.Context(), "agent", "--listen", "127.0.0.1:0", "--token-file", write(t, "short", "x"))
	require.Equal(t, exitUsage, got.code)
	require.Contains(t, got.stderr, "16 characters")
}

// startAgent runs the agent command until the test ends, and returns its address.
func startAgent(t *testing.T, tokenFile string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- perform(ctx, process{args: []string{"agent", "--listen", "127.0.0.1:0", "--token-file", tokenFile}, stdout: write, stderr: io.Discard})
	}()
	t.Cleanup(func() {
		stop()
		require.Equal(t, exitOK, <-ended)
	})
	line, err := bufio.NewReader(read).ReadString('\n')
	require.NoError(t, err)
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(line)
	require.NotEmpty(t, address, line)
	return address
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}
