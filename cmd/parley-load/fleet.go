package main

import (
	"errors"

	"github.com/spf13/pflag"

	"parley/loadtest/agents"
	"parley/loadtest/plan"
	"parley/loadtest/run"
	"parley/loadtest/target"
)

// fleet are the flags of a load that is run by agents.
type fleet struct {
	addresses []string
	tokenFile string
}

func (f *fleet) bind(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.addresses, "agents", nil, "have the load run by these agents together (host:port,…), and not here; URLs are as they see them")
	flags.StringVar(&f.tokenFile, "agents-token-file", "", "file with the token that the agents ask for")
}

// spread is the load as the agents run it together.
func (f *fleet) spread(j job, against target.Config, urls []string) (run.Load, error) {
	if f.tokenFile == "" {
		return nil, errors.New("--agents needs --agents-token-file")
	}
	token, err := agents.ReadToken(f.tokenFile)
	if err != nil {
		return nil, err
	}
	whole, err := plan.Of(j.options)
	if err != nil {
		return nil, err
	}
	var tokens []string
	if against.Tokens != "" {
		if tokens, err = target.ReadTokens(against.Tokens); err != nil {
			return nil, err
		}
	}
	return agents.NewFleet(agents.Orders{
		Tool: tool(), Addresses: f.addresses, Token: token, Plan: whole, URLs: urls, Tokens: tokens, Prefix: against.Prefix,
	})
}
