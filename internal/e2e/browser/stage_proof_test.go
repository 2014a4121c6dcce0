package browser

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// proof runs a script that shows something about the harness itself, with its
// pictures in a folder of the test's, which it returns.
func proof(ctx context.Context, t *testing.T, s *stage, script string, env ...string) (out, shots string, err error) {
	t.Helper()
	shots = t.TempDir()
	path, err := filepath.Abs(filepath.Join(scripts, "proof", script))
	require.NoError(t, err)
	out, err = run(ctx, t, path, append(env, "PARLEY_STAGE="+s.environment(t, shots))...)
	return out, shots, err
}

func TestStageCanBeBroken(t *testing.T) {
	s := setStage(t, plan{relay: true, sites: map[string]string{"front": scripts + "/dropin"}})
	out, _, err := proof(within(t), t, s, "controls.mjs")
	require.NoError(t, err, "%s", out)
}

// A script that fails says where, and what its pages looked like is kept.
func TestFailedScriptShowsItsPages(t *testing.T) {
	s := setStage(t, plan{})
	out, shots, err := proof(within(t), t, s, "fails.mjs")
	require.Error(t, err)
	require.Contains(t, out, "what never happens … ")
	require.Contains(t, out, "waited 100 ms for pigs to fly: false")
	for _, name := range []string{"left", "right"} {
		kept := filepath.Join(shots, "failed", t.Name(), name)
		console, err := os.ReadFile(kept + ".log")
		require.NoError(t, err)
		require.Contains(t, string(console), name+" speaks")
		picture, err := os.ReadFile(kept + ".png")
		require.NoError(t, err)
		require.NotEmpty(t, picture)
	}
}

// What a page throws and nobody catches fails the script.
func TestScriptFailsWithItsPages(t *testing.T) {
	s := setStage(t, plan{})
	out, _, err := proof(within(t), t, s, "throws.mjs")
	require.Error(t, err)
	require.Contains(t, out, "nobody catches me")
}

// A fault of accessibility is found in every look of a view, each of which is kept.
func TestViewsAreLookedAt(t *testing.T) {
	s := setStage(t, plan{})
	out, shots, err := proof(within(t), t, s, "faulty.mjs")
	require.NoError(t, err, "%s", out)
	for _, look := range []string{"wide, light", "wide, dark", "phone, light", "phone, dark"} {
		require.Contains(t, out, "faulty, "+look+": critical label: ")
		require.Contains(t, out, "faulty, "+look+": it is wider than the window")
		require.FileExists(t, filepath.Join(shots, "faulty-"+strings.ReplaceAll(look, ", ", "-")+".png"))
	}
}
