package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley/api/docpage"
	"parley/protocol"
)

const (
	specPath     = "/api/openapi.json"
	schemaPrefix = "#/components/schemas/"
)

func ref(name string) *huma.Schema { return &huma.Schema{Ref: schemaPrefix + name} }

func humaConfig(cfg Config) huma.Config {
	registry := huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[Problem]())
	format := huma.DefaultJSONFormat
	format.Unmarshal = unmarshal
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Parley", Version: cfg.Version, Description: about,
				License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Servers:    []*huma.Server{{URL: "/"}},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: securitySchemes()},
			Tags:       tags(),
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format}, // and application/problem+json
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{asProblem},
	}
	c.AllowAdditionalPropertiesByDefault = true // clients of other versions send other fields
	return c
}

const about = "Chat rooms and calls. Every path also answers without the slash at its end. " +
	"Fields that are not described here are ignored in requests and may be added to answers. " +
	"Ids are integers below 2^53; times are RFC 3339 in UTC with milliseconds. " +
	"Errors are problems (RFC 9457) and told apart by their code."

func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "Accounts", Description: "Who one is: registration, logins, tickets."},
		{Name: "Rooms", Description: "Only its participants see a room; only its owner changes it."},
		{Name: "Participants", Description: "Who is in a room."},
		{Name: "Messages", Description: "What is said in a room. What is new is pushed over WebSockets."},
		{Name: "Calls", Description: "What is needed beside the call's WebSocket."},
		{Name: "Documents", Description: "This description."},
	}
}

func securitySchemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		"token": {
			Type: "apiKey", In: "header", Name: "Authorization",
			Description: "Authorization: Token <token>, with the token of a login.",
		},
		"bearer": {Type: "http", Scheme: "bearer", Description: "The same token as Authorization: Bearer <token>."},
	}
}

// document completes an operation for the OpenAPI document, and for huma.
func document[I any](o operation) huma.Operation {
	op := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Tags: []string{o.tag},
		Summary: o.summary, Description: o.detail, DefaultStatus: o.status,
		MaxBodyBytes: -1, BodyReadTimeout: -1, // readBody bounds both
		Responses: map[string]*huma.Response{},
	}
	if !o.public {
		op.Security = []map[string][]string{{"token": {}}, {"bearer": {}}}
	}
	codes := slices.Concat(implied[I](o), o.errors)
	for _, code := range protocol.Codes() { // in documented order
		if slices.Contains(codes, code) {
			addProblem(op.Responses, code)
		}
	}
	for status, r := range o.answers {
		op.Responses[status] = r
	}
	return op
}

// implied lists the errors that follow from what an operation takes.
func implied[I any](o operation) []protocol.Code {
	codes := []protocol.Code{protocol.CodeInternal}
	if !o.public {
		codes = append(codes, protocol.CodeUnauthenticated)
	}
	if strings.Contains(o.path, "{id}") {
		codes = append(codes, protocol.CodeNotFound)
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[I]()) {
		switch {
		case f.Name == "Body":
			codes = append(codes, protocol.CodeInvalidJSON, protocol.CodeValidation, protocol.CodePayloadTooLarge)
		case f.Tag.Get("query") != "":
			codes = append(codes, protocol.CodeValidation)
		}
	}
	return codes
}

// addProblem documents a code under its status, beside others of that status.
func addProblem(responses map[string]*huma.Response, code protocol.Code) {
	status := code.HTTPStatus()
	key := strconv.Itoa(status)
	if r, ok := responses[key]; ok {
		r.Description += ", " + string(code)
		return
	}
	r := &huma.Response{
		Description: string(code),
		Content:     map[string]*huma.MediaType{problemType: {Schema: ref("Problem")}},
	}
	header := map[int]string{http.StatusUnauthorized: "WWW-Authenticate", http.StatusServiceUnavailable: "Retry-After"}[status]
	if header != "" {
		r.Headers = map[string]*huma.Param{header: {Schema: &huma.Schema{Type: huma.TypeString}}}
	}
	responses[key] = r
}

// describe makes the OpenAPI document and its page, once all routes are there.
func (s *server) describe() error {
	doc := s.huma.OpenAPI()
	refine(doc.Components.Schemas)
	var err error
	if s.spec, err = json.Marshal(doc); err != nil {
		return fmt.Errorf("api: OpenAPI document: %w", err)
	}
	if s.page, err = docpage.Render(doc, specPath); err != nil {
		return fmt.Errorf("api: page of the OpenAPI document: %w", err)
	}
	return nil
}

// refine adds to the schemas what huma cannot read from the types: lists are
// never null, a protocol.Time is a time, and the codes of problems are known.
func refine(r huma.Registry) {
	for name, schema := range r.Map() {
		t := r.TypeFromRef(schemaPrefix + name)
		for _, f := range reflect.VisibleFields(t) {
			field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			p := schema.Properties[field]
			switch {
			case p == nil:
			case p.Type == huma.TypeArray:
				p.Nullable = false
			case f.Type == reflect.TypeFor[protocol.Time](), f.Type == reflect.TypeFor[*protocol.Time]():
				p.Format = "date-time"
				p.Examples = []any{"2026-01-31T09:30:00.000Z"}
			case f.Type == reflect.TypeFor[protocol.Code]():
				p.Enum = httpCodes()
			}
		}
	}
}

// httpCodes are the codes that problems have; the rest is for sockets alone.
func httpCodes() []any {
	var codes []any
	for _, c := range protocol.Codes() {
		if c == protocol.CodeUnknownType {
			break
		}
		codes = append(codes, c)
	}
	return codes
}
