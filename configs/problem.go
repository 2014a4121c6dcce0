package configs

import "strings"

// Problem is one thing wrong with a configuration.
type Problem struct {
	Key    string // "http.addr"; empty where no key is at fault, as in a file that is no YAML
	Want   string // what was expected, and what was found unless it is secret
	Source string // where the value came from, as a user would look for it; empty for a default
}

// String tells the problem on one line.
func (p Problem) String() string {
	s := p.Want
	if p.Key != "" {
		s = p.Key + ": " + s
	}
	if p.Source != "" {
		s += " (from " + p.Source + ")"
	}
	return strings.NewReplacer("\r", " ", "\n", " ").Replace(s)
}

// Problems is everything wrong with a configuration, at most one for each key.
type Problems []Problem

// Error lists the problems, one to a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// report takes what a check has found wrong with a key.
type report func(key, want string)

// add appends a problem unless its key already has one: the first is the cause,
// the rest follow from it.
func (p *Problems) add(key, want string) {
	for _, known := range *p {
		if known.Key == key {
			return
		}
	}
	*p = append(*p, Problem{Key: key, Want: want})
}

func (p Problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
