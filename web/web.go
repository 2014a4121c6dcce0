package web

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// What build.mjs made of client and page: a static site, which any web server
// could serve.
//
//go:embed dist
var dist embed.FS

// Config says what Handler answers where it has nothing to give.
type Config struct {
	NotFound         http.Handler // for a path that there is not
	MethodNotAllowed http.Handler // for a file, by another method than GET and HEAD; Allow is set
}

// Handler serves the page at /, and the files beside it.
func Handler(cfg Config) (http.Handler, error) {
	s := site{cfg: cfg, files: map[string]*file{}}
	err := fs.WalkDir(dist, "dist", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := dist.ReadFile(name)
		if err != nil {
			return err
		}
		urlPath := strings.TrimPrefix(name, "dist")
		if path.Base(name) == "index.html" {
			urlPath = strings.TrimSuffix(urlPath, "index.html")
		}
		s.files[urlPath] = newFile(urlPath, path.Ext(name), content)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return s, nil
}

// site is the files by the path of their URL.
type site struct {
	cfg   Config
	files map[string]*file
}

// ServeHTTP implements http.Handler.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, found := s.files[r.URL.Path]
	switch {
	case !found:
		s.cfg.NotFound.ServeHTTP(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		s.cfg.MethodNotAllowed.ServeHTTP(w, r)
	default:
		f.ServeHTTP(w, r)
	}
}
