package auth

import (
	"fmt"
	"net/url"
	"strings"
)

// Origins is a list of web origins (RFC 6454) that browsers may come from
// besides the server's own. The zero value allows the server's own alone. It
// is immutable.
type Origins struct {
	all      bool
	patterns []originPattern
}

// originPattern is one entry of the list: host alone or *.host, and with
// scheme "" http and https both.
type originPattern struct {
	scheme string
	host   string // without the "*"; a wildcard's begins with "."
	port   string // "": the scheme's default
}

// ParseOrigins reads a list whose entries are an origin
// (https://app.example.com, a port if it is not the default one), an origin
// with *. in place of its leftmost names (https://*.example.com, which is not
// https://example.com), either without the scheme for http and https both, or
// * for every origin.
func ParseOrigins(list []string) (Origins, error) {
	var o Origins
	for _, entry := range list {
		if entry == "*" {
			o.all = true
			continue
		}
		p, err := parseOriginPattern(entry)
		if err != nil {
			return Origins{}, err
		}
		o.patterns = append(o.patterns, p)
	}
	return o, nil
}

func parseOriginPattern(entry string) (originPattern, error) {
	bad := fmt.Errorf("origin %q: expected https://host, https://*.host, *.host or *", entry)
	text, scheme := entry, ""
	if s, _, found := strings.Cut(entry, "://"); found {
		scheme = strings.ToLower(s)
	} else {
		text = "https://" + entry
	}
	rest, wild := text, false
	if before, after, found := strings.Cut(text, "://*."); found {
		rest, wild = before+"://"+after, true
	}
	got, ok := parseOrigin(rest)
	if !ok || strings.Contains(got.host, "*") {
		return originPattern{}, bad
	}
	p := originPattern{scheme: scheme, host: got.host, port: got.explicitPort}
	if wild {
		p.host = "." + p.host
	}
	return p, nil
}

// Allows reports whether a request that came by scheme ("http" or "https") to
// host (as in its Host header) may carry this Origin header: it is the
// request's own origin, or on the list. The origin "null" is nobody's.
func (o Origins) Allows(origin, scheme, host string) bool {
	if isOwn(origin, scheme, host) {
		return true
	}
	from, ok := parseOrigin(origin)
	if !ok {
		return false
	}
	if o.all {
		return true
	}
	if own, ok := parseOrigin(scheme + "://" + host); ok && from.same(own) {
		return true
	}
	for _, p := range o.patterns {
		if p.matches(from) {
			return true
		}
	}
	return false
}

// isOwn finds the common case of the request's own origin, letter for letter,
// without taking it apart: what it leaves is not refused by that.
func isOwn(origin, scheme, host string) bool {
	rest, ok := strings.CutPrefix(origin, scheme)
	if !ok || !strings.HasPrefix(rest, "://") || rest[len("://"):] != host {
		return false
	}
	name, port, _ := strings.Cut(host, ":")
	return name != "" && name[0] != '.' && !strings.ContainsFunc(name, unplain) && !strings.ContainsFunc(port, nonDigit)
}

// unplain tells what may need a second look in a host name.
func unplain(r rune) bool { return (r < 'a' || r > 'z') && nonDigit(r) && r != '-' && r != '.' }

func nonDigit(r rune) bool { return r < '0' || r > '9' }

func (p originPattern) matches(w webOrigin) bool {
	if p.scheme != "" && p.scheme != w.scheme {
		return false
	}
	port := p.port
	if port == "" {
		port = defaultPort(w.scheme)
	}
	if port != w.port {
		return false
	}
	if strings.HasPrefix(p.host, ".") {
		return strings.HasSuffix(w.host, p.host) && len(w.host) > len(p.host)
	}
	return p.host == w.host
}

// webOrigin is an origin taken apart, in lower case.
type webOrigin struct {
	scheme, host string
	port         string // the scheme's default where none is written
	explicitPort string // "" where none is written
}

func (w webOrigin) same(o webOrigin) bool {
	return w.scheme == o.scheme && w.host == o.host && w.port == o.port
}

// parseOrigin reads scheme://host[:port]; nothing may follow. Schemes other
// than the web's are those of apps that wrap a page (capacitor://localhost).
func parseOrigin(s string) (webOrigin, bool) {
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#") {
		return webOrigin{}, false
	}
	w := webOrigin{scheme: u.Scheme, host: strings.ToLower(u.Hostname()), explicitPort: u.Port()}
	w.port = w.explicitPort
	if w.port == "" {
		w.port = defaultPort(w.scheme)
	}
	if w.scheme == "" || w.host == "" || strings.HasPrefix(w.host, ".") {
		return webOrigin{}, false
	}
	return w, true
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	default:
		return ""
	}
}
