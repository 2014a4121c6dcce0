package docpage_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/api/docpage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type pet struct {
	Name  string   `json:"name" doc:"What it <answers> to." example:"Rex"`
	Owner *string  `json:"owner" doc:"Null for strays."`
	Tags  []string `json:"tags,omitempty" nullable:"false"`
	Age   int      `json:"age,omitempty" default:"1" enum:"1,2"`
}

func document() *huma.OpenAPI {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	body := func() map[string]*huma.MediaType {
		return map[string]*huma.MediaType{"application/json": {Schema: registry.Schema(reflect.TypeFor[pet](), true, "")}}
	}
	doc := &huma.OpenAPI{
		Info:  &huma.Info{Title: "Pets & more", Version: "7.8.9", Description: "About <pets>."},
		Tags:  []*huma.Tag{{Name: "Pets", Description: "All pets."}, {Name: "Empty"}},
		Paths: map[string]*huma.PathItem{},
		Components: &huma.Components{
			Schemas:         registry,
			SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Description: "A token."}},
		},
	}
	doc.AddOperation(&huma.Operation{
		OperationID: "add-pet", Method: http.MethodPost, Path: "/pets/", Tags: []string{"Pets"},
		Summary: "Add a pet", Description: "It must be friendly.",
		Security:    []map[string][]string{{"token": {}}},
		Parameters:  []*huma.Param{{Name: "dry", In: "query", Description: "Do nothing.", Schema: &huma.Schema{Type: "boolean", Default: false}}},
		RequestBody: &huma.RequestBody{Content: body()},
		Responses: map[string]*huma.Response{
			"201": {Description: "Created", Content: body()},
			"503": {Description: "unavailable", Headers: map[string]*huma.Param{"Retry-After": {}}},
		},
	})
	doc.AddOperation(&huma.Operation{
		OperationID: "list-pets", Method: http.MethodGet, Path: "/pets/", Tags: []string{"Pets"},
		Summary: "All pets", Responses: map[string]*huma.Response{"default": {Description: "Whatever"}},
	})
	return doc
}

func render(t *testing.T) docpage.Page {
	t.Helper()
	page, err := docpage.Render(document(), "/pets.json")
	require.NoError(t, err)
	return page
}

// text is the page without tags and with white space made one.
func text(p docpage.Page) string {
	bare := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(p.HTML), " ")
	return strings.Join(strings.Fields(bare), " ")
}

func TestThePageShowsTheDocument(t *testing.T) {
	got := text(render(t))
	for _, want := range []string{
		"Pets &amp; more API 7.8.9", "About &lt;pets&gt;.", "Pets All pets.", "token – A token.",
		"POST /pets/ Add a pet It must be friendly. Needs a token.",
		"dry query, boolean Do nothing. Default false.",
		"name required string What it &lt;answers&gt; to.",
		"owner required string or null Null for strays.",
		"age integer One of: 1, 2. Default 1.",
		"tags list of string",
		"{ &#34;name&#34;: &#34;Rex&#34; }",
		"201 Created Pet", "503 Service Unavailable unavailable Header Retry-After.",
		"GET /pets/ All pets Public.", "default Whatever",
	} {
		require.Contains(t, got, want)
	}
}

func TestThePageIsSelfContained(t *testing.T) {
	p := render(t)
	html := string(p.HTML)
	for _, loader := range []string{"<script", "<img", "<iframe", "<link", "src=", "url(", "@import", " style=", "onload"} {
		require.NotContains(t, html, loader)
	}
	require.Contains(t, html, `<meta name="viewport"`, "phones")
	require.Contains(t, html, "prefers-color-scheme: dark")
	for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		if id, ok := strings.CutPrefix(href[1], "#"); ok {
			require.Contains(t, html, `id="`+id+`"`, "a link that leads nowhere")
		} else {
			require.Equal(t, "/pets.json", href[1])
		}
	}
}

// TestThePolicyAllowsTheStyle: the browser hashes what stands between the tags.
func TestThePolicyAllowsTheStyle(t *testing.T) {
	p := render(t)
	styles := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllSubmatch(p.HTML, -1)
	require.Len(t, styles, 1)
	sum := sha256.Sum256(styles[0][1])
	require.Contains(t, p.CSP, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	require.Contains(t, p.CSP, "default-src 'none'")
	require.NotContains(t, p.CSP, "unsafe")
}

func TestIDsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, id := range regexp.MustCompile(`\bid="([^"]*)"`).FindAllStringSubmatch(string(render(t).HTML), -1) {
		require.False(t, seen[id[1]], "id %q twice", id[1])
		seen[id[1]] = true
	}
}
