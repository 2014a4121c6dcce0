// Package web serves the browser client and the page, as they were built into
// dist.
//
// Purpose: let the one binary have a face at /, and hand its client library
// (/client/parley.js) to pages of other origins.
//
// Owns: dist, embedded; what a browser is told of it: types, validators,
// compression, and what the page may do (Content-Security-Policy,
// Permissions-Policy). Sources and tools lie beside: client, page, e2e,
// build.mjs.
//
// Does not: hold secrets or users' data, build anything, or know the API.
//
// Concurrency: the handler is immutable but for compressed files, which are made
// once, by whoever asks first.
package web
