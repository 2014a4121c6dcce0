package api_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
)

// document is what the tests read of an OpenAPI document.
type document struct {
	OpenAPI    string
	Info       struct{ Title, Version string }
	Paths      map[string]map[string]described
	Components struct {
		Schemas         map[string]schema
		SecuritySchemes map[string]any
	}
}

type described struct {
	OperationID string
	Summary     string
	Tags        []string
	Security    []map[string][]string
	RequestBody any
	Responses   map[string]struct {
		Description string
		Content     map[string]any
	}
}

type schema struct {
	Required   []string
	Properties map[string]struct {
		Type   any
		Format string
		Enum   []protocol.Code
	}
}

func spec(t *testing.T) (document, string) {
	t.Helper()
	b := newBench(t)
	a := b.do(t, "GET", "/api/openapi.json", "", nil)
	return as[document](t, a, http.StatusOK), a.raw
}

func TestTheDocumentDescribesTheRoutes(t *testing.T) {
	doc, _ := spec(t)
	require.Equal(t, "3.1.0", doc.OpenAPI)
	require.Equal(t, "1.2.3", doc.Info.Version)
	var described []string
	for path, methods := range doc.Paths {
		for method := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	var served []string
	for _, r := range api.Routes() {
		served = append(served, r.String())
	}
	require.ElementsMatch(t, served, described)
}

// TestTheDocumentTellsTheTruth: each operation says whether it needs a token,
// and names the codes that requests of every wrong kind get.
func TestTheDocumentTellsTheTruth(t *testing.T) {
	doc, _ := spec(t)
	b := newBench(t)
	token, _ := b.user(t, "ada")
	b.room(t, token)
	eve, _ := b.user(t, "eve")
	for _, r := range api.Routes() {
		op := doc.Paths[r.Path][strings.ToLower(r.Method)]
		require.NotEmpty(t, op.Summary, "%s", r)
		require.Len(t, op.Tags, 1, "%s", r)
		path := within(r, roomPath(1))
		answers := map[string]answer{
			"no token":     b.do(t, r.Method, path, "", `{`),
			"no JSON":      b.do(t, r.Method, path, token, `{`),
			"wrong values": b.do(t, r.Method, path+"?page=0", token, `{"username":1,"name":1,"content":1,"user_id":"x","email":1}`),
			"too large":    b.do(t, r.Method, path, token, strings.Repeat(" ", 70000)),
			"no such room": b.do(t, r.Method, within(r, roomPath(99)), eve, `{"name":"x","content":"x","user_id":1}`),
		}
		for kind, a := range answers {
			if a.status < 400 {
				continue
			}
			var p api.Problem
			require.NoError(t, json.Unmarshal([]byte(a.raw), &p))
			response := op.Responses[strconv.Itoa(a.status)]
			require.Contains(t, response.Description, p.Code, "%s with %s", r, kind)
			require.Contains(t, response.Content, "application/problem+json")
		}
		_, hasToken := op.Responses["401"]
		require.Equal(t, len(op.Security) > 0 || r.Path == "/api/auth/login/", hasToken, "%s", r)
	}
}

func TestTheDocumentsSchemas(t *testing.T) {
	doc, raw := spec(t)
	require.NotContains(t, raw, "ErrorModel", "huma's own model of an error must not show")
	require.NotContains(t, raw, "ErrorDetail")
	require.NotContains(t, raw, "$schema")
	for _, name := range []string{"Problem", "Room", "Message", "Account", "Participant", "CallState", "ICEServers", "Ticket", "Login"} {
		require.Contains(t, doc.Components.Schemas, name)
	}
	problem := doc.Components.Schemas["Problem"]
	require.ElementsMatch(t, []string{"status", "title", "detail", "code"}, problem.Required)
	require.Contains(t, problem.Properties["code"].Enum, protocol.CodeInternal)
	require.NotContains(t, problem.Properties["code"].Enum, protocol.CodePeerNotFound)
	require.Equal(t, "date-time", doc.Components.Schemas["Room"].Properties["created_at"].Format)
	require.Equal(t, []any{"string", "null"}, doc.Components.Schemas["ICEServers"].Properties["expires_at"].Type)
	require.Equal(t, "array", doc.Components.Schemas["CallState"].Properties["participants"].Type)
	require.Len(t, doc.Components.SecuritySchemes, 2)
	for name, s := range doc.Components.Schemas {
		require.Regexp(t, `^[A-Z][A-Za-z]+$`, name)
		require.NotEmpty(t, s.Properties, "%s", name)
	}
}

func TestTheDocumentationPage(t *testing.T) {
	b := newBench(t)
	a := b.do(t, "GET", "/api/docs/", "", nil)
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "text/html; charset=utf-8", a.header.Get("Content-Type"))
	require.Contains(t, a.header.Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
	for _, r := range api.Routes() {
		require.Contains(t, a.raw, "<code>"+r.String()+"</code>")
	}
}
