package configs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// Load returns the configuration that results from the defaults, the YAML file
// at path (none if path is ""), the process's environment ("NAME=value", as
// os.Environ gives it) and overrides (key to text, from the command line), each
// stronger than the one before.
//
// Warnings tell of what was ignored. The error is a Problems with every wrong
// key and value of every layer.
func Load(path string, overrides map[string]string, environ []string) (Config, []string, error) {
	defaults := Default()
	l := &loader{
		viper:   viper.New(),
		known:   map[string]leaf{},
		sources: map[string]string{},
	}
	for _, key := range leaves(&defaults) {
		l.known[key.Name] = key
		l.viper.SetDefault(key.Name, key.value.Interface())
	}
	if path != "" {
		l.file(path)
	}
	warnings := l.environment(environ)
	l.overrides(overrides)

	var c Config
	if err := l.viper.Unmarshal(&c); err != nil {
		return Config{}, warnings, fmt.Errorf("decode configuration: %w", err)
	}
	l.validate(c)
	if err := l.problems.orNil(); err != nil {
		return Config{}, warnings, err
	}
	return c, warnings, nil
}

// loader lays one layer over another; it lives for one Load.
type loader struct {
	viper    *viper.Viper
	known    map[string]leaf
	sources  map[string]string // key to the layer its value is from
	problems Problems
}

// set lays what one layer says of a key over the layers before.
func (l *loader) set(key string, raw any, source string) {
	known, ok := l.known[key]
	if !ok {
		l.bad(key, l.expected(key), source)
		return
	}
	l.sources[key] = source
	value, err := convert(raw, known.value.Interface())
	switch {
	case err == nil:
		l.viper.Set(key, value)
	case known.Secret:
		l.bad(key, err.Error(), source)
	default:
		l.bad(key, err.Error()+", got "+shown(raw), source)
	}
}

func (l *loader) bad(key, want, source string) {
	l.problems = append(l.problems, Problem{Key: key, Want: want, Source: source})
}

// environment lays the process's variables over the file.
func (l *loader) environment(environ []string) (warnings []string) {
	byEnv := make(map[string]string, len(l.known))
	for name, key := range l.known {
		byEnv[key.Env] = name
	}
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		env, text, _ := strings.Cut(variable, "=")
		key, known := byEnv[env]
		switch {
		case known:
			l.set(key, text, env)
		case strings.HasPrefix(env, EnvPrefix):
			warnings = append(warnings, env+" in the environment is no setting of Parley's and is ignored")
		}
	}
	return warnings
}

// overrides lays the command line over everything.
func (l *loader) overrides(overrides map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(overrides)) {
		l.set(key, overrides[key], "the command line")
	}
}

// validate adds what the sections find, with the layer to look into; a key that
// already has a problem gets no second one.
func (l *loader) validate(c Config) {
	var found Problems
	if !errors.As(c.Validate(), &found) {
		return
	}
	for _, p := range found {
		same := func(known Problem) bool { return known.Key == p.Key }
		if !slices.ContainsFunc(l.problems, same) {
			l.bad(p.Key, p.Want, l.sources[p.Key])
		}
	}
}

func shown(raw any) string {
	switch v := raw.(type) {
	case nil:
		return "nothing"
	case string:
		return quote(v)
	default:
		return strings.Trim(quote(fmt.Sprint(v)), `"`)
	}
}
