package docpage

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed page.tmpl page.css
var files embed.FS // go:embed needs a package's variable; it is read-only

// Page is an HTML page and the Content-Security-Policy to serve it with.
type Page struct {
	HTML []byte
	CSP  string
}

// Render makes the page of a document that programs find at source.
func Render(doc *huma.OpenAPI, source string) (Page, error) {
	css, err := files.ReadFile("page.css")
	if err != nil {
		return Page{}, fmt.Errorf("docpage: style: %w", err)
	}
	t, err := template.ParseFS(files, "page.tmpl")
	if err != nil {
		return Page{}, fmt.Errorf("docpage: template: %w", err)
	}
	v := newView(doc)
	v.Source = source
	v.Style = template.CSS(css) //nolint:gosec // our own file
	var html bytes.Buffer
	if err := t.Execute(&html, v); err != nil {
		return Page{}, fmt.Errorf("docpage: render: %w", err)
	}
	return Page{HTML: html.Bytes(), CSP: policy(css)}, nil
}

// policy allows the one style, by its hash, and nothing else (CSP level 3,
// section 6.7.2.3).
func policy(css []byte) string {
	sum := sha256.Sum256(css)
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
