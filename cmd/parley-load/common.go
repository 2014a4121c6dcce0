package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"parley/loadtest/agents"
	"parley/loadtest/exporter"
	"parley/loadtest/live"
	"parley/loadtest/measure"
	"parley/loadtest/report"
	"parley/loadtest/run"
	"parley/loadtest/target"
)

// common are the flags of all commands that put a deployment under load.
type common struct {
	target target.Config
	fail   []string // rules
	json   string   // paths, "" for none
	html   string
	expose string // address, "" for none
	fleet  fleet
}

func (c *common) bind(flags *pflag.FlagSet) {
	flags.StringSliceVarP(&c.target.URLs, "url", "u", []string{"http://127.0.0.1:8080"}, "base URL of a node, or of what stands before the nodes; several are used in turn")
	flags.StringSliceVar(&c.target.Admin, "admin", nil, "base URL of a node's admin listener (http://127.0.0.1:9090), to have its metrics in the report; several are added up")
	flags.StringVar(&c.target.Tokens, "tokens", "", "file with a user's token in each line; without it users sign up")
	flags.StringVar(&c.target.Prefix, "user-prefix", "load", "prefix of the names of users who sign up")
	flags.BoolVar(&c.target.Confirmed, "target-confirmed", false, "yes, this deployment is meant; needed if it is not on this machine")
	flags.StringArrayVar(&c.fail, "fail", nil, "rule that fails the run, such as 'calls.success<0.999' or 'connect.p99>2s'; may be repeated")
	flags.StringVar(&c.expose, "metrics-addr", "", "answer Prometheus with the run's own metrics here (127.0.0.1:9091)")
	c.fleet.bind(flags)
	flags.StringVar(&c.json, "json", "", "write the report to this file as JSON, for compare and other tools")
	flags.StringVar(&c.html, "html", "", "write the report to this file as a page with charts")
}

// job is a load to be run from the command line.
type job struct {
	name     string
	options  any // for the report
	load     run.Load
	goal     live.Goal
	defaults []string // rules that hold unless --fail has others about the same
}

// execute runs a load and leaves its report.
func (c *common) execute(ctx context.Context, p process, j job) error {
	asked, err := parseRules(c.fail)
	if err != nil {
		return err
	}
	if len(c.fleet.addresses) > 0 {
		j.defaults = append(j.defaults, agents.CountGone+">0", agents.CountFailed+">0")
	}
	defaults, err := parseRules(j.defaults)
	if err != nil {
		return err
	}
	if err := c.writable(); err != nil {
		return &unable{err}
	}
	t, err := target.New(ctx, c.target)
	if errors.Is(err, target.ErrUnconfirmed) {
		return fmt.Errorf("%w; say --target-confirmed if this deployment may be put under load", err)
	}
	if err != nil {
		return err
	}
	defer t.Close()
	if len(c.fleet.addresses) > 0 {
		if j.load, err = c.fleet.spread(j, c.target, t.URLs()); err != nil {
			return err
		}
	}
	r := measure.New(time.Now())
	if c.expose != "" {
		s, err := exporter.Listen(ctx, c.expose, r.Snapshot)
		if err != nil {
			return &unable{err}
		}
		defer s.Close()
		fmt.Fprintf(p.stderr, "metrics of this run: http://%s/metrics\n", s.Addr())
	}
	view := live.New(p.stderr, p.screen, j.goal)
	made, err := run.Do(ctx, run.Config{
		Tool: tool(), Name: j.name, Options: j.options, Rules: asked, Defaults: defaults, Viewer: view,
	}, j.load, t, r)
	view.Close()
	if err != nil {
		return &unable{err}
	}
	made.Text(p.stdout)
	if err := c.save(made); err != nil {
		return &unable{err}
	}
	if !made.Passed {
		return errBroken
	}
	return nil
}

// writable finds out before the run whether its report can be written.
func (c *common) writable() error {
	for _, path := range []string{c.json, c.html} {
		if path == "" {
			continue
		}
		if err := report.Writable(path); err != nil {
			return err
		}
	}
	return nil
}

func (c *common) save(made report.Report) error {
	if c.json != "" {
		if err := made.Write(c.json); err != nil {
			return err
		}
	}
	if c.html != "" {
		return made.HTML(c.html)
	}
	return nil
}

func parseRules(texts []string) (rules []report.Rule, err error) {
	for _, text := range texts {
		r, err := report.ParseRule(text)
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}
