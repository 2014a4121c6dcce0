// Package docpage turns an OpenAPI document into a page to read it.
//
// Purpose: show the API to people, from the same document that programs read.
//
// Owns: the page's template and style. The page has no script and loads
// nothing, which its Content-Security-Policy states.
//
// Does not: serve, or know any route.
//
// Concurrency: Render is a pure function.
package docpage
