package auth_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/auth"
)

func TestOriginsAllow(t *testing.T) {
	tests := []struct {
		list   string
		origin string
		at     string // scheme://host of the request
		want   bool
	}{
		{"", "http://a.example", "http://a.example", true},
		{"", "http://a.example:80", "http://a.example", true},
		{"", "https://A.example", "https://a.Example:443", true},
		{"", "http://[::1]:8080", "http://[::1]:8080", true},
		{"", "https://a.example", "http://a.example", false},
		{"", "http://a.example:8080", "http://a.example", false},
		{"", "http://b.example", "http://a.example", false},
		{"", "null", "http://a.example", false},
		{"", "", "http://a.example", false},
		{"", "http://a.example/", "http://a.example", false},
		{"", "http://u@a.example", "http://a.example", false},
		{"", "http://a.example?", "http://a.example", false},
		{"", "http://a.example#", "http://a.example", false},
		{"", "a.example", "http://a.example", false},

		{"https://app.example.com", "https://app.example.com", "http://h", true},
		{"https://app.example.com", "https://app.example.com:443", "http://h", true},
		{"https://app.example.com", "http://app.example.com", "http://h", false},
		{"https://app.example.com", "https://x.app.example.com", "http://h", false},
		{"https://app.example.com:8443", "https://app.example.com:8443", "http://h", true},
		{"https://app.example.com:8443", "https://app.example.com", "http://h", false},
		{"app.example.com", "http://app.example.com", "http://h", true},
		{"app.example.com:3000", "http://app.example.com:3000", "http://h", true},
		{"HTTPS://App.Example.com", "https://app.example.com", "http://h", true},

		{"*.example.com", "https://a.example.com", "http://h", true},
		{"*.example.com", "http://b.a.example.com", "http://h", true},
		{"*.example.com", "https://example.com", "http://h", false},
		{"*.example.com", "https://badexample.com", "http://h", false},
		{"*.example.com", "https://a.example.com.evil.org", "http://h", false},
		{"*.example.com", "https://a.example.com:8443", "http://h", false},
		{"https://*.example.com", "http://a.example.com", "http://h", false},
		{"https://*.example.com:8443", "https://a.example.com:8443", "http://h", true},

		{"*", "https://anything.example", "http://h", true},
		{"*", "null", "http://h", false},
		{"capacitor://localhost", "capacitor://localhost", "http://h", true},
		{"capacitor://localhost", "https://localhost", "http://h", false},
		{"https://a.example,https://b.example", "https://b.example", "http://h", true},
	}
	for _, test := range tests {
		var list []string
		if test.list != "" {
			list = strings.Split(test.list, ",")
		}
		o, err := auth.ParseOrigins(list)
		require.NoError(t, err, "list %q", test.list)
		scheme, host, _ := strings.Cut(test.at, "://")
		require.Equal(t, test.want, o.Allows(test.origin, scheme, host),
			"origin %q at %s with list %q", test.origin, test.at, test.list)
	}
}

func TestParseOriginsNamesTheBadEntry(t *testing.T) {
	for _, bad := range []string{
		"", "https://", "https://a.example/path", "https://*", "*.", "https://a.*.example", "https://a.example?x",
		"https://user@a.example", "**.example.com", "https://.example.com", "null:x", "https://a.example:port", "a b",
	} {
		_, err := auth.ParseOrigins([]string{"https://good.example", bad})
		require.ErrorContains(t, err, `"`+bad+`"`)
	}
}

// FuzzOrigins: no origin crashes it, and none is allowed that is neither the
// request's own nor below the one domain listed.
func FuzzOrigins(f *testing.F) {
	f.Add("https://a.example.com", "h")
	f.Add("null", "h:1")
	f.Add("http://[::1]:80", "[::1]")
	f.Add("https://example.com.evil", "%zz")
	f.Add("https://a.example:8443", "a.example:8443")
	f.Fuzz(func(t *testing.T, origin, host string) {
		o, err := auth.ParseOrigins([]string{"*.example.com"})
		require.NoError(t, err)
		allowed := o.Allows(origin, "https", host)
		if rest, ok := strings.CutPrefix(origin, "https:"); ok {
			require.Equal(t, o.Allows("HTTPS:"+rest, "https", host), allowed, "a scheme has no case")
		}
		if !allowed {
			return
		}
		below := strings.Contains(strings.ToLower(origin), ".example.com")
		own := strings.Contains(strings.ToLower(origin), strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":")))
		require.True(t, below || own, "origin %q was allowed at host %q", origin, host)
	})
}
