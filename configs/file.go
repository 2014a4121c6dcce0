package configs

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// file lays a YAML file over the defaults.
func (l *loader) file(path string) {
	settings, err := readYAML(path)
	if err != nil {
		l.bad("", "want a readable YAML file: "+err.Error(), path)
		return
	}
	l.section("", settings, path)
}

// section lays the values of one section over what was there; prefix is the
// section's name with a dot, or nothing for the whole file.
func (l *loader) section(prefix string, settings map[string]any, path string) {
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		key, raw := prefix+name, settings[name]
		nested, isMap := raw.(map[string]any)
		if l.isSection(key) && (isMap || raw == nil) { // a section with every line commented out is nil
			l.section(key+".", nested, path)
			continue
		}
		l.set(key, raw, path)
	}
}

// isSection tells whether keys begin with this one.
func (l *loader) isSection(key string) bool {
	for name := range l.known {
		if strings.HasPrefix(name, key+".") {
			return true
		}
	}
	return false
}

// expected tells which names there are where an unknown one was found.
func (l *loader) expected(key string) string {
	if l.isSection(key) {
		return "want a section with keys " + l.names(key+".")
	}
	for {
		at := strings.LastIndexByte(key, '.')
		if at < 0 {
			return "unknown key, want one of " + l.names("")
		}
		if key = key[:at]; l.isSection(key) {
			return "unknown key, " + key + " takes " + l.names(key+".")
		}
	}
}

// names lists what comes right after a prefix.
func (l *loader) names(prefix string) string {
	found := map[string]bool{}
	for name := range l.known {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			next, _, _ := strings.Cut(rest, ".")
			found[next] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), ", ")
}

func readYAML(path string) (map[string]any, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	settings := map[string]any{}
	if err := decoder.Decode(&settings); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	return settings, nil
}
