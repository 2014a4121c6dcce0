package main

import (
	"github.com/spf13/cobra"

	"parley/loadtest/calls"
	"parley/loadtest/live"
)

func newCalls(p process) *cobra.Command {
	var c common
	var cfg calls.Config
	cmd := &cobra.Command{
		Use:   "calls",
		Short: "Pairs or meshes of real WebRTC peers call each other",
		Long: `Pairs (or meshes) of real WebRTC peers sign in, join, negotiate, connect, exchange
pings and media for a time, and leave. --rate sets how many calls begin each second,
--concurrency how many there may be at once: a call whose time has come while there
is no place for it begins late, and its latency counts from when it should have begun.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.Signaling && !cmd.Flags().Changed("media") {
				cfg.Media = false
			}
			load, err := calls.New(cfg)
			if err != nil {
				return err
			}
			return c.execute(cmd.Context(), p, job{
				name: "calls", options: load.Config(), load: load,
				goal:     live.Goal{Stage: calls.StageCall, Count: int64(cfg.Calls), Time: cfg.Duration},
				defaults: calls.Rules(),
			})
		},
	}
	flags := cmd.Flags()
	c.bind(flags)
	flags.IntVar(&cfg.Calls, "pairs", 0, "calls in all; 0: as many as begin within --duration")
	flags.DurationVar(&cfg.Duration, "duration", 0, "how long calls begin; 0: until there were all")
	flags.IntVar(&cfg.Size, "size", 2, "peers of a call: 2 is a pair, more a mesh")
	flags.Float64Var(&cfg.Rate, "rate", 10, "calls that begin each second; 0: as soon as there is a place")
	flags.IntVar(&cfg.Concurrency, "concurrency", 0, "calls at once at most; 0: what --rate and --hold need")
	flags.DurationVar(&cfg.Hold, "hold", 0, "from being connected to leaving; 0: 10s")
	flags.DurationVar(&cfg.Ping, "ping", 0, "from one data-channel ping to the next; 0: 500ms")
	flags.DurationVar(&cfg.Patience, "patience", 0, "for a step, before it has failed; 0: 30s")
	flags.BoolVar(&cfg.Media, "media", true, "send audio and video")
	flags.BoolVar(&cfg.RelayOnly, "relay-only", false, "connect through TURN only")
	flags.DurationVar(&cfg.Trickle, "trickle-delay", 0, "by how much candidates go out later than they were found")
	flags.Float64Var(&cfg.Glare, "glare", 0, "share of calls in which both sides offer at once (0 to 1)")
	flags.Float64Var(&cfg.Restarts, "ice-restarts", 0, "share of calls in which ICE is restarted (0 to 1)")
	flags.Float64Var(&cfg.Cuts, "cuts", 0, "share of calls in which a signaling socket is cut and resumed (0 to 1)")
	flags.BoolVar(&cfg.Signaling, "signaling-only", false, "send recorded descriptions and candidates and no media, to push the server instead of the client")
	cmd.MarkFlagsOneRequired("pairs", "duration")
	return cmd
}
