package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// file is an answer that was made when the server started.
type file struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Cache       string `header:"Cache-Control" hidden:"true"`
	CSP         string `header:"Content-Security-Policy" hidden:"true"`
	Body        []byte
}

const cacheFile = "public, max-age=300"

func (s *server) documentRoutes() {
	const tag = "Documents"
	register(s, operation{
		id: "openapi", method: http.MethodGet, path: specPath, tag: tag, public: true,
		summary: "The OpenAPI 3.1 document",
		answers: fileAnswer("application/json", huma.TypeObject),
	}, func(context.Context, *nothing) (*file, error) {
		return &file{ContentType: "application/json", Cache: cacheFile, Body: s.spec}, nil
	})
	register(s, operation{
		id: "docs", method: http.MethodGet, path: "/api/docs/", tag: tag, public: true,
		summary: "The OpenAPI document as a page",
		answers: fileAnswer("text/html", huma.TypeString),
	}, func(context.Context, *nothing) (*file, error) {
		return &file{ContentType: "text/html; charset=utf-8", Cache: cacheFile, CSP: s.page.CSP, Body: s.page.HTML}, nil
	})
}

func fileAnswer(contentType, schemaType string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content:     map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: schemaType}}},
	}}
}
