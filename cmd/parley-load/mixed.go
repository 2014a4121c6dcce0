package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/loadtest/live"
	"parley/loadtest/scenario"
	"parley/loadtest/scenarios"
)

// mixed is what a scenario is run with.
type mixed struct {
	common

	sources sources
	list    bool
	size    float64
	time    float64
}

func newMixed(p process) *cobra.Command {
	var m mixed
	cmd := &cobra.Command{
		Use:   "mixed NAME|FILE",
		Short: "A day's shape: calls, chat, idle sockets and storms together, by a scenario",
		Long: `A scenario says which loads there are, and in which phases how much of each. NAME is
one that comes with parley-load (see --list), FILE a file of your own. The stages of
each load are under its name: --fail 'chat.deliver.p99>1s'.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if m.list {
				return listScenarios(p)
			}
			if len(args) == 0 {
				return errors.New("want the name of a scenario or a file; --list lists the names")
			}
			return m.run(cmd, p, args[0])
		},
	}
	flags := cmd.Flags()
	m.bind(flags)
	m.sources.bind(flags)
	flags.BoolVar(&m.list, "list", false, "list the scenarios that come with parley-load")
	flags.Float64Var(&m.size, "scale", 1, "multiply all sizes and rates")
	flags.Float64Var(&m.time, "scale-time", 1, "multiply the durations of all phases")
	return cmd
}

func (m *mixed) run(cmd *cobra.Command, p process, name string) error {
	if m.size <= 0 || m.time <= 0 {
		return errors.New("--scale, --scale-time: want a number above 0")
	}
	from, err := m.sources.addresses()
	if err != nil {
		return err
	}
	s, err := readScenario(name)
	if err != nil {
		return err
	}
	s = s.Scaled(m.size, m.time)
	load, err := scenario.New(s, scenario.Share{}, from)
	if err != nil {
		return err
	}
	rules, err := s.Rules()
	if err != nil {
		return err
	}
	return m.execute(cmd.Context(), p, job{
		name: strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)), options: s, load: load,
		goal: live.Goal{Time: s.Length()}, defaults: rules,
	})
}

// readScenario reads a scenario by its name, or a file.
func readScenario(name string) (scenario.Scenario, error) {
	known, err := scenarios.Names()
	if err != nil {
		return scenario.Scenario{}, err
	}
	var content []byte
	if slices.Contains(known, name) {
		content, err = scenarios.Read(name)
	} else {
		content, err = os.ReadFile(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return scenario.Scenario{}, fmt.Errorf("%s is neither a file nor one of %s", name, strings.Join(known, ", "))
	}
	if err != nil {
		return scenario.Scenario{}, err
	}
	s, err := scenario.Parse(content)
	if err != nil {
		return s, fmt.Errorf("%s:\n%w", name, err)
	}
	return s, nil
}

func listScenarios(p process) error {
	names, err := scenarios.Names()
	if err != nil {
		return err
	}
	for _, name := range names {
		s, err := readScenario(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%-8s %8s  %s\n", name, s.Length(), s.About)
	}
	return nil
}
