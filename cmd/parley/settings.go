package main

import (
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/spf13/pflag"

	"parley/configs"
)

// settings are the flags that change the configuration.
type settings struct {
	path  string            // --config
	pairs []string          // --set KEY=VALUE
	named map[string]string // key to what its own flag said
}

func newSettings(flags *pflag.FlagSet) *settings {
	s := &settings{named: map[string]string{}}
	flags.StringVar(&s.path, "config", "", "YAML `file` of the configuration")
	flags.StringArrayVar(&s.pairs, "set", nil, "set one `key=value` of the configuration, as in a file (repeatable)")
	return s
}

// bind gives keys flags of their own: http.addr becomes --http-addr.
func (s *settings) bind(flags *pflag.FlagSet, keys ...string) {
	about := map[string]string{}
	for _, key := range configs.Keys() {
		about[key.Name] = fmt.Sprintf("%s Default %s; also %s.", key.About, key.Default, key.Env)
	}
	for _, key := range keys {
		name := strings.NewReplacer(".", "-", "_", "-").Replace(key)
		flags.Func(name, about[key], func(text string) error {
			s.named[key] = text
			return nil
		})
	}
}

// load returns the configuration that flags, environment and file make.
func (s *settings) load(environ []string) (configs.Config, []string, error) {
	overrides := map[string]string{}
	for _, pair := range s.pairs {
		key, text, ok := strings.Cut(pair, "=")
		if !ok {
			return configs.Config{}, nil, fmt.Errorf("--set wants key=value, got %q", pair)
		}
		overrides[key] = text
	}
	maps.Copy(overrides, s.named)
	return configs.Load(s.path, overrides, environ)
}

// loadFor loads for a command that logs nothing: warnings go to stderr.
func (s *settings) loadFor(p process) (configs.Config, error) {
	cfg, warnings, err := s.load(p.environ)
	warn(p.stderr, warnings)
	return cfg, err
}

func warn(w io.Writer, warnings []string) {
	for _, warning := range warnings {
		fmt.Fprintln(w, "warning:", warning)
	}
}
