package docpage

import (
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// view is what the template shows.
type view struct {
	Title, Version, About string
	Source                string // URL of the document
	Style                 template.CSS
	Groups                []group
	Schemas               []schemaView
	Security              []row
}

// group is the operations of one tag.
type group struct {
	Name, About string
	Operations  []operation
}

type operation struct {
	ID, Method, Path, Summary, About string
	Token                            bool // needs one
	Params, Body                     []row
	Example                          string // of the body
	Responses                        []response
}

// row is a parameter, or a property of an object.
type row struct {
	Name, In, About, Default string
	Type                     typeName
	Required                 bool
}

type response struct {
	Status, Title, About string
	Type                 typeName
	Headers              []string
}

type schemaView struct {
	Name string
	Rows []row
}

func newView(doc *huma.OpenAPI) view {
	v := view{Title: doc.Info.Title, Version: doc.Info.Version, About: doc.Info.Description}
	for _, tag := range doc.Tags {
		g := group{Name: tag.Name, About: tag.Description}
		for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
			for _, op := range operations(doc.Paths[path]) {
				if slices.Contains(op.Tags, tag.Name) {
					g.Operations = append(g.Operations, newOperation(doc, op))
				}
			}
		}
		v.Groups = append(v.Groups, g)
	}
	schemas := doc.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		v.Schemas = append(v.Schemas, schemaView{Name: name, Rows: properties(schemas[name])})
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Components.SecuritySchemes)) {
		v.Security = append(v.Security, row{Name: name, About: doc.Components.SecuritySchemes[name].Description})
	}
	return v
}

func operations(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

func newOperation(doc *huma.OpenAPI, op *huma.Operation) operation {
	o := operation{
		ID: op.OperationID, Method: op.Method, Path: op.Path,
		Summary: op.Summary, About: op.Description, Token: len(op.Security) > 0,
	}
	for _, p := range op.Parameters {
		o.Params = append(o.Params, row{
			Name: p.Name, In: p.In, About: p.Description, Required: p.Required,
			Type: nameOf(p.Schema), Default: text(p.Schema.Default),
		})
	}
	if op.RequestBody != nil {
		if media := op.RequestBody.Content["application/json"]; media != nil {
			s := resolve(doc, media.Schema)
			o.Body, o.Example = properties(s), example(doc, s)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		o.Responses = append(o.Responses, newResponse(status, op.Responses[status]))
	}
	return o
}

func newResponse(status string, r *huma.Response) response {
	code, _ := strconv.Atoi(status) // 0, without a title, for "default"
	v := response{Status: status, Title: http.StatusText(code), Headers: slices.Sorted(maps.Keys(r.Headers))}
	if r.Description != v.Title {
		v.About = r.Description
	}
	for _, media := range r.Content {
		v.Type = nameOf(media.Schema)
	}
	return v
}
