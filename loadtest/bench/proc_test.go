package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseCPU(t *testing.T) {
	const after = " S 1 42 42 0 -1 4194560 1000 0 5 0 123 45 0 0 20 0 9 0 777 1 2 3"
	for _, name := range []string{"(parley)", "(a) b (c)", "()", "(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17)"} {
		d, err := parseCPU([]byte("4711 " + name + after))
		require.NoError(t, err, name)
		require.Equal(t, 1680*time.Millisecond, d, name)
	}
	for _, bad := range []string{"", "1 (x) S 1 2", "1 (x) S 1 42 42 0 -1 4194560 1000 0 5 0 many 45 0"} {
		_, err := parseCPU([]byte(bad))
		require.ErrorContains(t, err, "stat", bad)
	}
}

func TestParseMachineCPU(t *testing.T) {
	d, err := parseMachineCPU([]byte("cpu  100 20 3 99999 7 8 9 0 0 0\ncpu0 1 2 3 4\n"))
	require.NoError(t, err)
	require.Equal(t, 1230*time.Millisecond, d)
	for _, bad := range []string{"", "cpu 1 2", "cpu0 1 2 3", "cpu a b c"} {
		_, err := parseMachineCPU([]byte(bad))
		require.ErrorContains(t, err, "stat", bad)
	}
}

func FuzzParseCPU(f *testing.F) {
	f.Add([]byte("1 (x) S 1 42 42 0 -1 4194560 1000 0 5 0 123 45 0"))
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = parseCPU(b) })
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
