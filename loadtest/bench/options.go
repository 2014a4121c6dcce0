package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/loadtest/bench/report"
)

// options are what the command line asks for.
type options struct {
	// what to measure, of whom
	only   []string // rows; empty: all that are in the table by default
	grow   bool
	binary string
	base   string
	self   string // this program, which can be the floor
	floors bool

	// how much of it
	runs        int
	duration    time.Duration
	sockets     int
	crowd       int
	secure      int
	rooms       []int
	outstanding int
	messages    bool // outstanding counts them, not deliveries
	stored      int
	pace        float64
	idle        time.Duration
	settle      time.Duration

	// where and with what
	pin     bool
	data    string
	deflate string

	// what to make of it
	json    string
	profile string
	all     bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	o := options{rooms: []int{2, 10, 100, 1000}}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Func("only", "measure these `rows` only, with commas: "+strings.Join(rowNames(), ", "), func(s string) error {
		o.only = strings.Split(s, ",")
		return nil
	})
	f.BoolVar(&o.grow, "grow", false, "measure how cost grows with sockets, rooms, room size and cores instead")
	f.StringVar(&o.binary, "parley", "bin/parley", "server to measure, a `file`")
	f.StringVar(&o.base, "base", "", "compare with this other version of the server, a `file`, in runs that take turns; without the floor")
	f.BoolVar(&o.floors, "floor", true, "measure the floor beside the server")
	f.IntVar(&o.runs, "runs", 3, "how often to measure all; medians are shown")
	f.DurationVar(&o.duration, "duration", 2*time.Second, "how long each load is measured; a fifth of it more to warm up")
	f.IntVar(&o.sockets, "sockets", 1000, "sockets of a load")
	f.IntVar(&o.crowd, "crowd", 10_000, "sockets that rest, join, storm, and fill one room")
	f.IntVar(&o.secure, "tls-sockets", 2000, "sockets that rest behind TLS")
	f.Func("rooms", "sizes of rooms, with commas, for the saturated row (default 2,10,100,1000)", o.parseRooms)
	f.IntVar(&o.outstanding, "outstanding", 4000, "what is under way at once in a saturated load, counted as -count says")
	f.Func("count", "what -outstanding counts: deliveries (default), or messages, each of which is to be delivered to all others of its room", o.parseCount)
	f.IntVar(&o.stored, "stored", 2000, "chat messages under way at once that are to be stored")
	f.Float64Var(&o.pace, "pace", 10_000, "deliveries a second of the paced row")
	f.DurationVar(&o.idle, "idle", 30*time.Second, "how long idle sockets are measured")
	f.DurationVar(&o.settle, "settle", 3*time.Second, "how long memory may take to come to rest")
	f.BoolVar(&o.pin, "pin", true, "give server and client one processor each, where there are two")
	f.StringVar(&o.data, "data", "", "`folder` for the server's data, on a real disk; default the system's for temporary files")
	f.StringVar(&o.deflate, "deflate", "PARLEY_EDGE_DEFLATE=chat", "`setting` that has the server offer permessage-deflate to chat sockets")
	f.StringVar(&o.json, "json", "", "also write the report to this `file`")
	f.StringVar(&o.profile, "profile", "", "save CPU profiles of the server under each load in this `folder`; they cost it something")
	f.BoolVar(&o.all, "all", false, "show details too: rates, latencies, and how busy client and server were")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o, o.validate()
}

func (o *options) parseRooms(s string) (err error) {
	o.rooms = nil
	for size := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return fmt.Errorf("%q is no size", size)
		}
		o.rooms = append(o.rooms, n)
	}
	return nil
}

func (o *options) parseCount(s string) error {
	o.messages = s == "messages"
	if !o.messages && s != "deliveries" {
		return errors.New("want deliveries or messages")
	}
	return nil
}

// roomSize is that of every row that does not say otherwise.
const roomSize = 10

func (o options) validate() error {
	for _, size := range append(slices.Clone(o.rooms), roomSize) {
		if size < 2 || o.sockets < size || o.sockets%size != 0 {
			return fmt.Errorf("-sockets: want a multiple of %d and of every size in -rooms, which are 2 at least", roomSize)
		}
	}
	switch {
	case o.sockets%2 != 0:
		return errors.New("-sockets: want an even number")
	case o.crowd < roomSize || o.crowd%roomSize != 0:
		return fmt.Errorf("-crowd: want a multiple of %d", roomSize)
	case o.secure < roomSize || o.secure%roomSize != 0:
		return fmt.Errorf("-tls-sockets: want a multiple of %d", roomSize)
	case o.duration <= 0 || o.idle <= 0 || o.settle < 0:
		return errors.New("-duration, -idle, -settle: want more than 0")
	case o.outstanding < 1 || o.stored < 1:
		return errors.New("-outstanding, -stored: want at least 1")
	case o.pace <= 0:
		return errors.New("-pace: want more than 0")
	case o.runs < 1:
		return errors.New("-runs: want at least 1")
	case o.grow && o.only != nil:
		return errors.New("-grow, -only: want one of them")
	}
	for _, name := range o.only {
		if !slices.Contains(rowNames(), name) {
			return fmt.Errorf("-only: want some of %s, got %q", strings.Join(rowNames(), ", "), name)
		}
	}
	return nil
}

// frames is how many frames are under way at once in a saturated load of which
// each makes so many deliveries.
func (o options) frames(deliveries int) int {
	if o.messages {
		return o.outstanding
	}
	return max(1, o.outstanding/deliveries)
}

// underWay says what a saturated load has outstanding.
func (o options) underWay() string {
	what := "deliveries"
	if o.messages {
		what = "messages"
	}
	return report.Count(o.outstanding) + " " + what + " under way"
}
