package docs_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// differences tells where what a node answered is not what a document shows. A
// value that differs each time (a time, a secret, an id at random, a duration)
// needs to be of the same kind only; all else must be equal.
func differences(at string, shown, real any) []string {
	switch s := shown.(type) {
	case map[string]any:
		r, ok := real.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: shown %v, real %v", at, shown, real)}
		}
		return memberDifferences(at, s, r)
	case []any:
		r, ok := real.([]any)
		if !ok || len(s) != len(r) {
			return []string{fmt.Sprintf("%s: shown %v, real %v", at, shown, real)}
		}
		var found []string
		for i := range s {
			found = append(found, differences(fmt.Sprintf("%s[%d]", at, i), s[i], r[i])...)
		}
		return found
	}
	if s, r := volatile(shown), volatile(real); s != r {
		return []string{fmt.Sprintf("%s: shown %v, real %v", at, shown, real)}
	}
	return nil
}

func memberDifferences(at string, shown, real map[string]any) (found []string) {
	for _, key := range slices.Sorted(maps.Keys(shown)) {
		if _, ok := real[key]; !ok {
			found = append(found, at+"."+key+": shown, and not there")
		} else if key != "ms" && key != "node" { // what a probe took, how the machine is called
			found = append(found, differences(at+"."+key, shown[key], real[key])...)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(real)) {
		if _, ok := shown[key]; !ok {
			found = append(found, at+"."+key+": there, and not shown")
		}
	}
	return found
}

// volatile replaces a value that differs each time by its kind.
func volatile(v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", s); err == nil {
		return "a time"
	}
	for kind, pattern := range map[string]string{
		"a token":         `^pt_[A-Za-z0-9_-]{43}$`,
		"a ticket":        `^tk_[A-Za-z0-9_-]{43}$`,
		"an id":           `^[A-Z2-7]{26}$`,
		"a session's":     `^[A-Za-z0-9_-]{22}$`,
		"$1 for a time":   `^[0-9]{10}(:[0-9]+)$`,
		"a TURN password": `^[A-Za-z0-9+/]{27}=$`,
		"$1 on the host":  `^http://[^/]+(/.*)$`,
	} {
		if re := regexp.MustCompile(pattern); re.MatchString(s) {
			return re.ReplaceAllString(s, kind)
		}
	}
	return s
}

func TestDifferencesAreSeen(t *testing.T) {
	value := func(text string) any {
		values, err := jsonValues(text)
		require.NoError(t, err)
		return values[0]
	}
	for _, c := range []struct{ shown, real, want string }{
		{`{"id":1}`, `{"id":2}`, "$.id: shown 1, real 2"},
		{`{"id":1}`, `{}`, "$.id: shown, and not there"},
		{`{}`, `{"id":1}`, "$.id: there, and not shown"},
		{`{"a":[1]}`, `{"a":[]}`, "$.a: shown [1], real []"},
		{`{"a":[{"b":true}]}`, `{"a":[{"b":false}]}`, "$.a[0].b: shown true, real false"},
		{`{"at":"2026-02-03T12:00:00.005Z"}`, `{"at":"noon"}`, "$.at: shown 2026-02-03T12:00:00.005Z, real noon"},
		{`{"username":"1770163200:1"}`, `{"username":"1770163200:2"}`, "$.username: shown 1770163200:1, real 1770163200:2"},
		{`{"next":"http://a/x?page=2"}`, `{"next":"http://b:1/x?page=3"}`, "$.next: shown http://a/x?page=2, real http://b:1/x?page=3"},
	} {
		require.Equal(t, []string{c.want}, differences("$", value(c.shown), value(c.real)))
	}
	for shown, real := range map[string]string{
		`{"at":"2026-02-03T12:00:00.005Z","node":"a","ms":1.5}`:      `{"ms":2,"at":"2027-01-01T00:00:00.000Z","node":"b"}`,
		`{"next":"http://a/x?page=2"}`:                               `{"next":"http://b:1/x?page=2"}`,
		`{"peer_id":"DMW3IU6C2AR2EG4FIZECTKXJMU"}`:                   `{"peer_id":"NRPKYJWX6ZNQRLHQR24SGXH5T7"}`,
		`{"token":"pt_g07omcRTo62UHECYD7CTP8Kyavs812OYychrKOUaXLs"}`: `{"token":"pt_PjEcgu_IuWHeH9gZ-HnJ8cIhXdR3Kw3HxzwVdQ1UE2Q"}`,
	} {
		require.Empty(t, differences("$", value(shown), value(real)))
	}
}
