package web

import (
	"net/http"
	"strings"
)

// header is what goes with a file, whoever asks and however often.
func header(urlPath, extension string) http.Header {
	h := http.Header{}
	h.Set("Content-Type", contentType(extension))
	h.Set("Cache-Control", "no-cache") // kept, but asked for again: names stay when contents change
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if strings.HasPrefix(urlPath, "/client/") { // pages of any origin may import the library
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if extension == ".html" {
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("Permissions-Policy", permissionsPolicy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	return h
}

// contentSecurityPolicy lets the page have its own files, and nothing else: no
// inline script or style, no string that becomes code, no frame around it.
// 'self' covers WebSockets to the own host (CSP Level 3, section 6.7.2.8).
const contentSecurityPolicy = "default-src 'none'; " +
	"script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
	"connect-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// permissionsPolicy leaves the page what a call needs, and takes from it, and from
// whatever it might come to hold, what it never asks for.
const permissionsPolicy = "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), " +
	"fullscreen=(self), picture-in-picture=(self), screen-wake-lock=(self), clipboard-write=(self), " +
	"clipboard-read=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()"

// contentType does not ask the system, whose tables differ.
func contentType(extension string) string {
	switch extension {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".ts", ".txt", ".md": // .ts: TypeScript's declarations, and no video
		return "text/plain; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}

// isText tells types that compress well.
func isText(contentType string) bool {
	return strings.HasPrefix(contentType, "text/") || strings.HasSuffix(contentType, "json") || strings.HasSuffix(contentType, "xml")
}
