package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// options are what the command line asks for.
type options struct {
	sockets     int
	room        int
	duration    time.Duration
	outstanding int
	runs        int
	pin         bool
	json        string
	profile     string

	// of a server that bench starts
	binary string
	data   string

	// of one that runs
	addr  string
	admin string
	pid   int
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.sockets, "sockets", 1000, "sockets to open")
	f.IntVar(&o.room, "room", 10, "sockets in a chat room, each of another user")
	f.DurationVar(&o.duration, "duration", 5*time.Second, "how long each load is measured; a fifth of it more to warm up")
	f.IntVar(&o.outstanding, "outstanding", 256, "frames, and handshakes, under way at once")
	f.IntVar(&o.runs, "runs", 1, "how often to measure all, each time with a fresh server; medians are shown")
	f.BoolVar(&o.pin, "pin", true, "give server and client one processor each, where there are two")
	f.StringVar(&o.json, "json", "", "also write the report to this `file`")
	f.StringVar(&o.profile, "profile", "", "save CPU profiles of the server under each load in this `folder`")
	f.StringVar(&o.binary, "parley", "bin/parley", "server to start, a `file`")
	f.StringVar(&o.data, "data", "", "`folder` for the server's data, on a real disk; default the system's for temporary files")
	f.StringVar(&o.addr, "addr", "", "measure the server that runs at this loopback `address` instead of starting one")
	f.StringVar(&o.admin, "admin", "", "admin `address` of that server, for its heap and profiles")
	f.IntVar(&o.pid, "pid", 0, "process of that server, for its memory and CPU")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o, o.validate()
}

func (o options) validate() error {
	switch {
	case o.room < 2:
		return errors.New("-room: want at least 2")
	case o.sockets < o.room || o.sockets%o.room != 0 || o.sockets%2 != 0:
		return errors.New("-sockets: want an even multiple of -room")
	case o.duration <= 0:
		return errors.New("-duration: want more than 0")
	case o.outstanding < 1:
		return errors.New("-outstanding: want at least 1")
	case o.runs < 1:
		return errors.New("-runs: want at least 1")
	case o.addr == "" && (o.admin != "" || o.pid != 0):
		return errors.New("-admin, -pid: only with -addr")
	case o.addr != "" && o.profile != "" && o.admin == "":
		return errors.New("-profile: wants -admin too")
	}
	return nil
}
