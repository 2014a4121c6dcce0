// Package api is the REST side of Parley: everything under /api/.
//
//	request ──▶ observe ──▶ CORS ──▶ mux ──▶ authenticate ──▶ body ──▶ huma (types) ──▶ handler ──▶ service
//	                                                          problem ◀── any *protocol.Error ◀──┘
//
// Purpose: give the services over HTTP, as JSON, and describe itself in an
// OpenAPI 3.1 document and a page to read it.
//
// Owns: routes and their spelling, what JSON types a request has, pages and
// cursors, problems (RFC 9457), CORS, and the OpenAPI document.
//
// Does not: hold rules. What a value may be and who may do what is said by the
// services; handlers are thin.
//
// Concurrency: New makes an http.Handler that serves any number of requests at
// once. Each blocks its own goroutine for as long as its service does.
package api
