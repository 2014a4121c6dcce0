package main

import (
	"github.com/spf13/cobra"

	"parley/loadtest/chat"
	"parley/loadtest/live"
)

func newChat(p process) *cobra.Command {
	var c common
	var s sources
	o := chat.Defaults()
	cmd := &cobra.Command{
		Use:   "chat",
		Short: "Rooms of many sizes chat, and every delivery is checked",
		Long: `Sockets in rooms send messages and typing at a steady rate, whatever the server
answers. Every delivery to every socket is checked: what is lost, doubled, reordered,
late or not as it was said is a fault, and a fault fails the run.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Sources, err = s.addresses(); err != nil {
				return err
			}
			load, err := chat.New(o)
			if err != nil {
				return err
			}
			return c.execute(cmd.Context(), p, job{
				name: "chat", options: o, load: load, goal: live.Goal{Time: o.Duration},
				defaults: chat.Rules(),
			})
		},
	}
	flags := cmd.Flags()
	c.bind(flags)
	s.bind(flags)
	flags.IntVar(&o.Sockets, "sockets", o.Sockets, "sockets, in all rooms together")
	flags.IntVar(&o.Rooms, "rooms", o.Rooms, "rooms that share them")
	flags.Float64Var(&o.Zipf, "zipf", o.Zipf, "how unequal rooms are: exponent of Zipf's law; 0: all are of one size")
	flags.IntVar(&o.Users, "users", o.Users, "users whose sockets they are")
	flags.Float64Var(&o.Rate, "rate", o.Rate, "messages and typings sent each second, in all rooms together")
	flags.IntVar(&o.Size, "size", o.Size, "characters of a message")
	flags.Float64Var(&o.Typing, "typing", o.Typing, "share of typings, which are not stored (0 to 1)")
	flags.DurationVar(&o.Duration, "duration", o.Duration, "how long they chat")
	flags.Float64Var(&o.Slow, "slow", o.Slow, "share of sockets that listen only, and stop reading now and then (0 to 1)")
	flags.DurationVar(&o.SlowFor, "slow-for", o.SlowFor, "how long, each time")
	flags.DurationVar(&o.SlowEvery, "slow-every", o.SlowEvery, "how often, each")
	flags.Float64Var(&o.Reconnect, "reconnect", o.Reconnect, "share of sockets that are lost now and then and come back (0 to 1)")
	flags.DurationVar(&o.ReconnectEvery, "reconnect-every", o.ReconnectEvery, "how often, each")
	flags.DurationVar(&o.Away, "away", o.Away, "how long at most, each time")
	flags.DurationVar(&o.Late, "late", o.Late, "a delivery that takes longer is a fault")
	flags.DurationVar(&o.Lost, "lost", o.Lost, "a delivery that has not come after this is lost")
	flags.Float64Var(&o.OpenRate, "open-rate", o.OpenRate, "sockets opened each second; 0: as fast as the server lets them in")
	flags.IntVar(&o.AtOnce, "at-once", o.AtOnce, "sockets that may be opening")
	flags.BoolVar(&o.Plain, "plain", o.Plain, "a goroutine for each socket instead of epoll")
	return cmd
}
