package app

import (
	"net/http"

	"parley/api"
	"parley/protocol"
	"parley/web"
)

// addPage serves what is neither API nor WebSocket: the page, or where there is
// to be none a way to the documentation.
func (a *App) addPage(mux *http.ServeMux) error {
	nothing := api.Refusal(protocol.Errorf(protocol.CodeNotFound, "there is nothing at this path"))
	if !a.cfg.HTTP.Page {
		mux.Handle("GET /{$}", http.RedirectHandler("/api/docs/", http.StatusFound))
		mux.Handle("/", nothing)
		return nil
	}
	page, err := web.Handler(web.Config{
		NotFound:         nothing,
		MethodNotAllowed: api.Refusal(protocol.Errorf(protocol.CodeMethodNotAllowed, "a file is only to be read; allowed: GET, HEAD")),
	})
	if err != nil {
		return err
	}
	mux.Handle("/", page)
	return nil
}
