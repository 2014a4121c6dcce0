package main

import (
	"bytes"
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDefaultOptionsTakeLessThanAMinuteAndAHalf(t *testing.T) {
	o, err := parseOptions(nil, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, 1000, o.sockets)
	require.Equal(t, 10, o.room)
	require.Equal(t, 1, o.runs)
	require.True(t, o.pin)
	const loads = 5
	require.Less(t, loads*(o.duration+o.duration/5), time.Minute)
}

func TestOptions(t *testing.T) {
	o, err := parseOptions([]string{
		"-sockets", "20", "-room", "4", "-duration", "1s", "-outstanding", "7", "-runs", "3", "-pin=false", "-json", "r.json",
		"-addr", "127.0.0.1:1", "-admin", "127.0.0.1:2", "-pid", "3", "-profile", "p",
	}, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, options{
		sockets: 20, room: 4, duration: time.Second, outstanding: 7, runs: 3, json: "r.json", profile: "p",
		binary: "bin/parley", addr: "127.0.0.1:1", admin: "127.0.0.1:2", pid: 3,
	}, o)
}

func TestBadOptionsAreNamed(t *testing.T) {
	for want, args := range map[string][]string{
		"-room":       {"-room", "1"},
		"-sockets":    {"-sockets", "15"},
		"even":        {"-sockets", "9", "-room", "3"},
		"-duration":   {"-duration", "0s"},
		"-outstandin": {"-outstanding", "0"},
		"-runs":       {"-runs", "0"},
		"-pid":        {"-pid", "1"},
		"-profile":    {"-addr", "127.0.0.1:1", "-profile", "x"},
		"unexpected":  {"fast"},
		"not defined": {"-fast"},
	} {
		_, err := parseOptions(args, &bytes.Buffer{})
		require.ErrorContains(t, err, want, "%v", args)
	}
}

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	_, err := parseOptions([]string{"-h"}, &out)
	require.ErrorIs(t, err, flag.ErrHelp)
	require.Contains(t, out.String(), "-outstanding")
}
