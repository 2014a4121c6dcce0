package host

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseMachineCPU(t *testing.T) {
	d, err := parseMachineCPU([]byte("cpu  100 20 3 99999 7 8 9 0 0 0\ncpu0 1 2 3 4\n"))
	require.NoError(t, err)
	require.Equal(t, 1230*time.Millisecond, d)
	for _, bad := range []string{"", "cpu 1 2", "cpu0 1 2 3", "cpu a b c"} {
		_, err := parseMachineCPU([]byte(bad))
		require.ErrorContains(t, err, "stat", bad)
	}
}

func FuzzParseMachineCPU(f *testing.F) {
	f.Add([]byte("cpu  100 20 3 99999 7 8 9 0 0 0\ncpu0 1 2 3 4\n"))
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = parseMachineCPU(b) })
}

func TestParseRSS(t *testing.T) {
	n, err := parseRSS([]byte("Name:\tparley\nVmHWM:\t   99999 kB\nVmRSS:\t   31234 kB\nRssAnon:\t   1 kB\n"))
	require.NoError(t, err)
	require.EqualValues(t, 31234<<10, n)
	for _, bad := range []string{"", "VmHWM:\t1 kB\n", "VmRSS:\tmuch\n", "VmRSS:\t1 MB\n"} {
		_, err := parseRSS([]byte(bad))
		require.ErrorContains(t, err, "status", bad)
	}
}

func TestSyncTime(t *testing.T) {
	d, err := SyncTime(t.TempDir())
	require.NoError(t, err)
	require.Positive(t, d)
	_, err = SyncTime("/nonexistent")
	require.ErrorContains(t, err, "disk")
}
