package protocol_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// member is a member of an object as encoding/json finds it.
type member struct {
	name  string // decoded
	key   string // as it is written, quotes included
	value string // as it is written
}

// membersOf reads an object by encoding/json, an implementation independent of
// the one under test.
func membersOf(t *testing.T, object []byte) []member {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(object))
	token, err := dec.Token()
	require.NoError(t, err)
	require.Equal(t, json.Delim('{'), token)
	var all []member
	for dec.More() {
		before := dec.InputOffset()
		name, err := dec.Token()
		require.NoError(t, err)
		key := strings.TrimLeft(string(object[before:dec.InputOffset()]), ", \t\r\n")
		var value json.RawMessage
		require.NoError(t, dec.Decode(&value))
		all = append(all, member{name.(string), key, string(value)})
	}
	return all
}

// kept are the members that a relay passes on.
func kept(all []member) []member {
	var rest []member
	for _, m := range all {
		if !strings.HasPrefix(m.name, "target_") && !strings.HasPrefix(m.name, "from_") {
			rest = append(rest, m)
		}
	}
	return rest
}

// last is the value that counts among members of one name.
func last(all []member, name string) (value string) {
	for _, m := range all {
		if m.name == name {
			value = m.value
		}
	}
	return value
}

// nesting is the depth of a text's containers, brackets in strings left out.
func nesting(text []byte) (deepest int) {
	depth, inside := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}
