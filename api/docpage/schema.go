package docpage

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// typeName is a type as a reader wants it: text around an optional link to one
// of the page's schemas.
type typeName struct {
	Before, Schema, After string
}

func nameOf(s *huma.Schema) typeName {
	if s == nil {
		return typeName{}
	}
	var n typeName
	switch {
	case s.Ref != "":
		n.Schema = s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case s.Type == huma.TypeArray:
		n = nameOf(s.Items)
		n.Before = "list of " + n.Before
	case s.Format == "date-time", s.Format == "uri":
		n.Before = s.Format
	default:
		n.Before = s.Type
	}
	if s.Nullable {
		n.After += " or null"
	}
	return n
}

// properties lists what an object holds: what is required first.
func properties(s *huma.Schema) []row {
	var rows []row
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		rows = append(rows, row{
			Name: name, About: about(p), Type: nameOf(p),
			Required: slices.Contains(s.Required, name), Default: text(p.Default),
		})
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		default:
			return 1
		}
	})
	return rows
}

// about is a property's description and the values it may have.
func about(p *huma.Schema) string {
	parts := make([]string, 0, len(p.Enum))
	for _, v := range p.Enum {
		parts = append(parts, text(v))
	}
	if len(parts) == 0 {
		return p.Description
	}
	return strings.TrimSpace(p.Description + " One of: " + strings.Join(parts, ", ") + ".")
}

// example is a body made of its properties' examples, "" without any.
func example(doc *huma.OpenAPI, s *huma.Schema) string {
	values := map[string]any{}
	for name, p := range s.Properties {
		if p = resolve(doc, p); len(p.Examples) > 0 {
			values[name] = p.Examples[0]
		}
	}
	if len(values) == 0 {
		return ""
	}
	b, err := json.MarshalIndent(values, "", "  ")
	if err != nil {
		return ""
	}
	return string(b)
}

func resolve(doc *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s.Ref == "" {
		return s
	}
	return doc.Components.Schemas.SchemaFromRef(s.Ref)
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
