package configs

import (
	"net/url"
	"strings"
	"time"
)

// HTTP configures the listener of REST and WebSocket.
type HTTP struct {
	Addr              string        `mapstructure:"addr" about:"Address of the HTTP and WebSocket listener, host:port; an empty host listens on all."`
	TLS               TLS           `mapstructure:"tls"`
	AllowedOrigins    []string      `mapstructure:"allowed_origins" about:"Origins besides the server's own that browsers may come from: https://app.example.com, *.example.com or *."`
	Page              bool          `mapstructure:"page" about:"Whether the page is served at / and the client library below /client/; without them / leads to the API's documentation."`
	ReadHeaderTimeout time.Duration `mapstructure:"read_header_timeout" about:"Time a client has to send a request's headers."`
	IdleTimeout       time.Duration `mapstructure:"idle_timeout" about:"Time an HTTP connection may wait for its next request; 0 waits for ever."`
}

// TLS names the files of the listener's certificate; both empty means plain HTTP.
type TLS struct {
	Cert string `mapstructure:"cert" about:"PEM file of the certificate chain; empty for plain HTTP."`
	Key  string `mapstructure:"key" about:"PEM file of the certificate's key."`
}

// Admin configures the listener of metrics, health and profiles.
type Admin struct {
	Addr string `mapstructure:"addr" about:"Address of the admin listener (metrics, health, profiles), host:port; empty turns it off."`
}

func defaultHTTP() HTTP {
	return HTTP{
		Addr:              ":8080",
		AllowedOrigins:    []string{},
		Page:              true,
		ReadHeaderTimeout: 10 * time.Second,  // slow phones need seconds; a slowloris may not have minutes
		IdleTimeout:       120 * time.Second, // longer than the 60 s of most load balancers, so that they close first
	}
}

func defaultAdmin() Admin {
	return Admin{Addr: "127.0.0.1:9090"} // loopback: profiles and metrics are not for the public
}

func (h HTTP) validate(bad report) {
	wantListen(bad, "http.addr", h.Addr)
	switch {
	case h.TLS.Cert != "" && h.TLS.Key == "":
		bad("http.tls.key", "want a file too, since http.tls.cert is set")
	case h.TLS.Cert == "" && h.TLS.Key != "":
		bad("http.tls.cert", "want a file too, since http.tls.key is set")
	}
	for _, origin := range h.AllowedOrigins {
		if !isOrigin(origin) {
			bad("http.allowed_origins", "want origins such as https://app.example.com, *.example.com or *, got "+quote(origin))
		}
	}
	wantTime(bad, "http.read_header_timeout", h.ReadHeaderTimeout, 100*time.Millisecond, 10*time.Minute)
	wantTime(bad, "http.idle_timeout", h.IdleTimeout, 0, 24*time.Hour)
}

func (a Admin) validate(bad report) {
	if a.Addr != "" {
		wantListen(bad, "admin.addr", a.Addr)
	}
}

// isOrigin accepts "*", "*.host" and scheme://host[:port] (RFC 6454, section
// 6.2), where the host may begin with "*.".
func isOrigin(s string) bool {
	if s == "*" {
		return true
	}
	if host, ok := strings.CutPrefix(s, "*."); ok {
		return host != "" && !strings.ContainsAny(host, "*/ ?#@")
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return false
	}
	return u.Scheme+"://"+u.Host == strings.ToLower(s) && !strings.Contains(strings.TrimPrefix(u.Host, "*."), "*")
}
