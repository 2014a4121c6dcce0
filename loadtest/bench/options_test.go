package main

import (
	"bytes"
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDefaultOptions(t *testing.T) {
	o, err := parseOptions(nil, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, options{
		binary: "bin/parley", floors: true, runs: 3, duration: 2 * time.Second,
		sockets: 1000, crowd: 10_000, secure: 2000, rooms: []int{2, 10, 100, 1000},
		outstanding: 4000, stored: 2000, pace: 10_000, idle: 30 * time.Second, settle: 3 * time.Second,
		pin: true, deflate: "PARLEY_EDGE_DEFLATE=chat",
	}, o)
}

func TestOptions(t *testing.T) {
	o, err := parseOptions([]string{
		"-only", "joins,chat", "-parley", "p", "-base", "b", "-floor=false", "-runs", "1", "-duration", "1s",
		"-sockets", "20", "-crowd", "30", "-tls-sockets", "40", "-rooms", "2,20", "-outstanding", "7", "-count", "messages",
		"-stored", "8", "-pace", "9", "-idle", "1s", "-settle", "0s", "-pin=false", "-data", "d", "-deflate", "X=1",
		"-json", "r.json", "-profile", "f", "-all",
	}, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, options{
		only: []string{"joins", "chat"}, binary: "p", base: "b", runs: 1, duration: time.Second,
		sockets: 20, crowd: 30, secure: 40, rooms: []int{2, 20}, outstanding: 7, messages: true, stored: 8, pace: 9,
		idle: time.Second, data: "d", deflate: "X=1", json: "r.json", profile: "f", all: true,
	}, o)
}

func TestBadOptionsAreNamed(t *testing.T) {
	for want, args := range map[string][]string{
		"-only: want some of memory": {"-only", "memory,speed"},
		"one of them":                {"-only", "memory", "-grow"},
		"-rooms":                     {"-rooms", "1"},
		"no size":                    {"-rooms", "2,many"},
		"-sockets":                   {"-sockets", "15"},
		"every size":                 {"-sockets", "20", "-rooms", "3"},
		"-crowd":                     {"-crowd", "15"},
		"-tls-sockets":               {"-tls-sockets", "0"},
		"-duration":                  {"-duration", "0s"},
		"-outstanding":               {"-outstanding", "0"},
		"deliveries or messages":     {"-count", "bytes"},
		"-stored":                    {"-stored", "0"},
		"-pace":                      {"-pace", "0"},
		"-idle":                      {"-idle", "0s"},
		"-runs":                      {"-runs", "0"},
		"unexpected":                 {"fast"},
		"not defined":                {"-fast"},
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
	for _, name := range rowNames() {
		require.Contains(t, out.String(), name)
	}
}

func TestWhatIsUnderWayIsCountedAsAskedFor(t *testing.T) {
	o := options{outstanding: 4000}
	require.Equal(t, "4,000 deliveries under way", o.underWay())
	require.Equal(t, 4000, o.frames(1))
	require.Equal(t, 444, o.frames(9))
	require.Equal(t, 4, o.frames(999))
	require.Equal(t, 1, o.frames(9999), "one at least")
	o.messages = true
	require.Equal(t, 4000, o.frames(9))
	require.Equal(t, "4,000 messages under way", o.underWay())
}
