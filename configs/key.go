package configs

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// EnvPrefix begins the name of every environment variable that is a key's.
const EnvPrefix = "PARLEY_"

// Key describes one thing that can be set.
type Key struct {
	Name    string // as in a file, sections joined by dots: "http.addr"
	Env     string // as in the environment: "PARLEY_HTTP_ADDR"
	Default string // as one would write it in a YAML file
	About   string // one line for people
	Secret  bool   // the value may hold a password
}

// Keys lists every key, in the order of Config's fields.
func Keys() []Key {
	defaults := Default()
	found := leaves(&defaults)
	keys := make([]Key, len(found))
	for i, l := range found {
		keys[i] = l.Key
	}
	return keys
}

// leaf is a key and the place of its value in one Config.
type leaf struct {
	Key
	url   bool // a secret is the password of a URL, not the whole value
	value reflect.Value
}

func leaves(c *Config) []leaf {
	return appendLeaves(nil, "", reflect.ValueOf(c).Elem())
}

func appendLeaves(to []leaf, prefix string, section reflect.Value) []leaf {
	for i := range section.NumField() {
		field, value := section.Type().Field(i), section.Field(i)
		name := prefix + field.Tag.Get("mapstructure")
		if value.Kind() == reflect.Struct {
			to = appendLeaves(to, name+".", value)
			continue
		}
		to = append(to, leaf{
			Key: Key{
				Name:    name,
				Env:     EnvPrefix + strings.ToUpper(strings.ReplaceAll(name, ".", "_")),
				Default: written(value.Interface()),
				About:   field.Tag.Get("about"),
				Secret:  field.Tag.Get("secret") != "",
			},
			url:   field.Tag.Get("secret") == "url",
			value: value,
		})
	}
	return to
}

// written shows a default as a YAML file would have it.
func written(value any) string {
	switch v := value.(type) {
	case string:
		if v == "" || strings.HasPrefix(v, ":") {
			return fmt.Sprintf("%q", v)
		}
		return v
	case time.Duration:
		return shortDuration(v)
	case []string:
		return "[" + strings.Join(v, ", ") + "]"
	case []ICEServer:
		return "[]"
	default:
		return fmt.Sprint(v)
	}
}

// shortDuration writes 2m where time.Duration's String writes 2m0s.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
