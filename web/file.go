package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// file is one file of the site.
type file struct {
	// Static after construction.
	header  http.Header
	content []byte
	tag     string // of content: what an ETag has between its quotes

	// compressed is made by the first call; nil: it would save nothing.
	compressed func() []byte
}

func newFile(urlPath, extension string, content []byte) *file {
	sum := sha256.Sum256(content)
	f := &file{
		header: header(urlPath, extension), content: content,
		tag:        base64.RawURLEncoding.EncodeToString(sum[:12]),
		compressed: func() []byte { return nil },
	}
	if isText(f.header.Get("Content-Type")) {
		f.compressed = sync.OnceValue(func() []byte { return compress(content) })
	}
	return f
}

// ServeHTTP implements http.Handler: GET and HEAD, whole, in part, or not at
// all where the client has it (RFC 9110, sections 13 and 14).
func (f *file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	maps.Copy(h, f.header)
	content, tag := f.content, f.tag
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		if small := f.compressed(); small != nil {
			h.Set("Content-Encoding", "gzip")
			content, tag = small, tag+"-gzip" // other bytes want another validator
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func compress(content []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(content); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || b.Len() >= len(content) {
		return nil
	}
	return b.Bytes()
}

// acceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3): gzip by its
// name, and not with a weight of 0.
func acceptsGzip(values []string) bool {
	for offer := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, weight, _ := strings.Cut(offer, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight = strings.ReplaceAll(strings.ToLower(weight), " ", "")
		return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
	}
	return false
}
