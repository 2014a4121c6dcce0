package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Parse reads a file's content. What is wrong with it is told by line and key, all at
// once.
func Parse(content []byte) (Scenario, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return Scenario{}, fmt.Errorf("scenario: %w", err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Scenario{}, errors.New("scenario: want one document in a file")
	}
	var s Scenario
	d := reader{lines: map[string]int{}}
	d.value("", document.Content[0], reflect.ValueOf(&s).Elem())
	if len(d.wrong) == 0 {
		d.wrong = s.mistakes()
	}
	var all []error
	for _, w := range d.wrong {
		all = append(all, fmt.Errorf("scenario: line %d: %w", d.line(w.key), w))
	}
	return s, errors.Join(all...)
}

// mistake is what is wrong with a key.
type mistake struct{ key, what string }

func (m mistake) Error() string { return m.key + ": " + m.what }

// reader takes values from a file, and notes what is where.
type reader struct {
	lines map[string]int // of keys
	wrong []mistake
}

func (d *reader) complain(key, format string, args ...any) {
	d.wrong = append(d.wrong, mistake{key, fmt.Sprintf(format, args...)})
}

// line is that of a key, or of the nearest one that it is in: it may be missing.
func (d *reader) line(key string) int {
	for key != "" {
		if n, ok := d.lines[key]; ok {
			return n
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return d.lines[""]
}

// defaulted is a part of a file whose keys have values before they are read.
type defaulted interface{ setDefaults() }

func (d *reader) value(key string, n *yaml.Node, to reflect.Value) {
	if _, known := d.lines[key]; !known {
		d.lines[key] = n.Line
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch to.Kind() { //nolint:exhaustive // the rest are scalars
	case reflect.Pointer:
		made := reflect.New(to.Type().Elem())
		if part, ok := made.Interface().(defaulted); ok {
			part.setDefaults()
		}
		to.Set(made)
		if n.ShortTag() != "!!null" { // a key without a value has the defaults
			d.value(key, n, made.Elem())
		}
	case reflect.Struct:
		d.fields(key, n, to)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			d.complain(key, "want a list")
			return
		}
		to.Set(reflect.MakeSlice(to.Type(), len(n.Content), len(n.Content)))
		for i, item := range n.Content {
			d.value(fmt.Sprintf("%s[%d]", key, i), item, to.Index(i))
		}
	default:
		// The decoder would leave a value as it is for nothing, and cut a fraction off.
		empty, cut := n.ShortTag() == "!!null", to.CanInt() && n.ShortTag() == "!!float"
		if err := n.Decode(to.Addr().Interface()); err != nil || empty || cut {
			d.complain(key, "want %s, got %q", wanted(to), n.Value)
		}
	}
}

// fields takes the keys of a struct.
func (d *reader) fields(key string, n *yaml.Node, to reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.complain(key, "want keys, such as %s", strings.Join(names(to.Type()), ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, inner := n.Content[i].Value, strings.TrimPrefix(key+"."+n.Content[i].Value, ".")
		d.lines[inner] = n.Content[i].Line
		field, known := field(to, name)
		switch {
		case !known:
			d.complain(inner, "there is no such key; there are %s", strings.Join(names(to.Type()), ", "))
		case seen[name]:
			d.complain(inner, "it is there twice")
		default:
			d.value(inner, n.Content[i+1], field)
		}
		seen[name] = true
	}
}

// field finds the field of a key.
func field(of reflect.Value, name string) (reflect.Value, bool) {
	for i, known := range names(of.Type()) {
		if known == name {
			return of.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// names are the keys of a struct's fields, in their order.
func names(t reflect.Type) (list []string) {
	for f := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(f).Tag.Get("json"), ",")
		list = append(list, name)
	}
	return list
}

func wanted(to reflect.Value) string {
	switch {
	case to.Type() == reflect.TypeFor[time.Duration]():
		return "a time such as 90s"
	case to.CanInt():
		return "a whole number"
	case to.CanFloat():
		return "a number"
	case to.Kind() == reflect.Bool:
		return "true or false"
	}
	return "text"
}
