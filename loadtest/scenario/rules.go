package scenario

import (
	"fmt"
	"slices"
	"strings"

	"parley/loadtest/report"
)

// Rules are the scenario's own, and those of its loads that it says nothing about.
func (s Scenario) Rules() ([]string, error) {
	asked, err := parseRules(s.Fail)
	if err != nil {
		return nil, err
	}
	rules := slices.Clone(s.Fail)
	for _, k := range s.kinds() {
		if len(s.layers(k)) == 0 {
			continue
		}
		own, err := parseRules(k.ruled())
		if err != nil {
			return nil, err
		}
		for _, r := range report.Except(own, asked) {
			rules = append(rules, r.String())
		}
	}
	return rules, nil
}

// ruled are the rules of a kind of load, by the names that its stages have in a
// scenario.
func (k kind) ruled() (rules []string) {
	for _, text := range k.rules {
		if !strings.HasPrefix(text, k.name+".") {
			text = k.name + "." + text
		}
		rules = append(rules, text)
	}
	return rules
}

func parseRules(texts []string) (rules []report.Rule, err error) {
	for _, text := range texts {
		r, err := report.ParseRule(text)
		if err != nil {
			return nil, fmt.Errorf("scenario: %w", err)
		}
		rules = append(rules, r)
	}
	return rules, nil
}
