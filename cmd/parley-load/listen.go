package main

import (
	"fmt"
	"net/netip"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley/loadtest/audience"
	"parley/loadtest/idle"
	"parley/loadtest/live"
	"parley/loadtest/storm"
)

// sources are the local addresses that sockets come from.
type sources struct{ texts []string }

func (s *sources) bind(flags *pflag.FlagSet) {
	flags.StringSliceVar(&s.texts, "source", nil, "local addresses to open sockets from, in turns; by default the system's, and on loopback as many as are needed")
}

func (s *sources) addresses() (list []netip.Addr, err error) {
	for _, text := range s.texts {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("--source: %w", err)
		}
		list = append(list, a)
	}
	return list, nil
}

// bindAudience binds what loads of sockets at rest have in common.
func bindAudience(flags *pflag.FlagSet, o *audience.Options) {
	flags.IntVar(&o.Sockets, "sockets", o.Sockets, "sockets")
	flags.IntVar(&o.Users, "users", o.Users, "users whose sockets they are")
	flags.IntVar(&o.RoomSize, "room-size", o.RoomSize, "sockets of a room")
	flags.BoolVar(&o.Multiplexed, "multiplexed", o.Multiplexed, "open /ws/, in no room")
	flags.Float64Var(&o.OpenRate, "open-rate", o.OpenRate, "sockets opened each second; 0: as fast as the server lets them in")
	flags.IntVar(&o.AtOnce, "at-once", o.AtOnce, "sockets that may be opening")
	flags.BoolVar(&o.Plain, "plain", o.Plain, "a goroutine for each socket instead of epoll")
}

func newIdle(p process) *cobra.Command {
	var c common
	var s sources
	o := idle.Defaults()
	cmd := &cobra.Command{
		Use:   "idle",
		Short: "Sockets open as fast as they may, and rest",
		Long: `Sockets open, are held, answer heartbeats, and are asked at the end whether they
still are one. With --admin the report has what a socket costs the server, by the
server's own metrics.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Sources, err = s.addresses(); err != nil {
				return err
			}
			load, err := idle.New(o)
			if err != nil {
				return err
			}
			return c.execute(cmd.Context(), p, job{
				name: "idle", options: o, load: load, goal: live.Goal{Stage: "connect", Count: int64(o.Sockets)},
				defaults: idle.Rules(),
			})
		},
	}
	flags := cmd.Flags()
	c.bind(flags)
	s.bind(flags)
	bindAudience(flags, &o.Options)
	flags.DurationVar(&o.Hold, "hold", o.Hold, "how long sockets are held when all are open")
	flags.DurationVar(&o.Patience, "patience", o.Patience, "for the answers to a last ping")
	return cmd
}

func newStorm(p process) *cobra.Command {
	var c common
	var s sources
	o := storm.Defaults()
	cmd := &cobra.Command{
		Use:   "storm",
		Short: "All sockets are lost at once, and come back",
		Long: `Sockets open, are all lost at once without a word, and come back to their sessions.
The stage "storm" is the time until all are back.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Sources, err = s.addresses(); err != nil {
				return err
			}
			load, err := storm.New(o)
			if err != nil {
				return err
			}
			return c.execute(cmd.Context(), p, job{
				name: "storm", options: o, load: load, goal: live.Goal{Stage: storm.StageStorm, Count: int64(o.Times)},
				defaults: storm.Rules(),
			})
		},
	}
	flags := cmd.Flags()
	c.bind(flags)
	s.bind(flags)
	bindAudience(flags, &o.Options)
	flags.IntVar(&o.Times, "times", o.Times, "storms, one after the other")
	flags.DurationVar(&o.Calm, "calm", o.Calm, "before each storm")
	flags.DurationVar(&o.Spread, "spread", o.Spread, "within which clients try again; 0: all at once")
	flags.DurationVar(&o.Patience, "patience", o.Patience, "for all to be back")
	return cmd
}
