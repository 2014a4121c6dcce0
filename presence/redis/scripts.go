package redis

import (
	"context"
	_ "embed" // for the scripts' text

	driver "github.com/redis/go-redis/v9"
)

// The scripts' text is variable only because go:embed asks for it.
var (
	//go:embed lua/partition.lua
	partitionLua string
	//go:embed lua/write.lua
	writeLua string
	//go:embed lua/renew.lua
	renewLua string
	//go:embed lua/reap.lua
	reapLua string
	//go:embed lua/online.lua
	onlineLua string
	//go:embed lua/nodes.lua
	nodesLua string
	//go:embed lua/close.lua
	closeLua string
)

// scripts are what a registry runs in partitions.
type scripts struct {
	write, renew, reap, online, nodes, close *driver.Script
}

func newScripts() scripts {
	on := func(text string) *driver.Script { return driver.NewScript(partitionLua + text) }
	return scripts{
		write: on(writeLua), renew: on(renewLua), reap: on(reapLua),
		online: on(onlineLua), nodes: on(nodesLua), close: on(closeLua),
	}
}

// run runs a script in one partition.
func (r *Registry) run(ctx context.Context, s *driver.Script, p *partition, args ...any) (any, error) {
	answer, err := s.Run(ctx, r.client, p.keys, r.args(args)...).Result()
	return answer, failure(ctx, err)
}

// runAll runs a script in all partitions at once, in one round trip to each
// server. The answers are in the partitions' order.
func (r *Registry) runAll(ctx context.Context, s *driver.Script, args func(p *partition) []any) []*driver.Cmd {
	answers := make([]*driver.Cmd, len(r.partitions))
	pipe := r.client.Pipeline()
	for i, p := range r.partitions {
		answers[i] = s.EvalSha(ctx, pipe, p.keys, r.args(args(p))...)
	}
	_, _ = pipe.Exec(ctx) // each answer has its own error

	unknown := r.client.Pipeline()
	for i, p := range r.partitions {
		if driver.HasErrorPrefix(answers[i].Err(), "NOSCRIPT") {
			answers[i] = s.Eval(ctx, unknown, p.keys, r.args(args(p))...)
		}
	}
	if unknown.Len() > 0 {
		_, _ = unknown.Exec(ctx)
	}
	return answers
}

// args puts before a script's arguments those of every script.
func (r *Registry) args(args []any) []any {
	return append([]any{r.cfg.Node.Boot, keepLeases * r.cfg.Lease.Milliseconds()}, args...)
}
