package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// libraryFile documents the client library, whose declarations lie in typesFolder.
const (
	libraryFile = "web/client/README.md"
	typesFolder = "web/dist/client"
)

var (
	reExport      = regexp.MustCompile(`(?m)^export (?:type )?\{ (.*) \} from '\./(.*)\.ts';$`)
	reDeclaration = regexp.MustCompile(`(?m)^export (?:declare )?(?:interface|class|type|function|const) (\w+)`)
	reMember      = regexp.MustCompile(`(?m)^    (?:readonly |get )?(\w+)\??[(<:]`)
	reCode        = regexp.MustCompile("`[^`\n]+`")
	reWord        = regexp.MustCompile(`\w+`)
)

// TestLibraryIsDocumented wants every name that a page can import, and what such a
// type has, in the library's README. Users, messages and the like are the API's.
func TestLibraryIsDocumented(t *testing.T) {
	prose := read(t, libraryFile).prose
	words := map[string]bool{}
	for _, code := range reCode.FindAllString(prose, -1) {
		for _, word := range reWord.FindAllString(code, -1) {
			words[word] = true
		}
	}
	exports := reExport.FindAllStringSubmatch(declared(t, "parley"), -1)
	require.NotEmpty(t, exports)
	for _, e := range exports {
		types := declared(t, e[2])
		for _, name := range reWord.FindAllString(strings.ReplaceAll(e[1], "type ", ""), -1) {
			require.True(t, words[name], "%s has nothing on %s", libraryFile, name)
			for _, member := range members(t, types, name) {
				require.True(t, words[member], "%s has nothing on %s's %s", libraryFile, name, member)
			}
		}
	}
}

// declared reads what a module of the library declares.
func declared(t *testing.T, module string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(typesFolder), filepath.FromSlash(module)+".d.ts"))
	require.NoError(t, err)
	return string(b)
}

// members lists what a type has, if it has anything.
func members(t *testing.T, types, name string) []string {
	t.Helper()
	for _, at := range reDeclaration.FindAllStringSubmatchIndex(types, -1) {
		if types[at[2]:at[3]] != name {
			continue
		}
		body, _, _ := strings.Cut(types[at[0]:], "\n}")
		line, _, _ := strings.Cut(body, "\n")
		if !strings.HasSuffix(line, "{") { // a type of one line, a function
			return nil
		}
		var found []string
		for _, m := range reMember.FindAllStringSubmatch(body, -1) {
			if m[1] != "constructor" {
				found = append(found, m[1])
			}
		}
		return found
	}
	require.Failf(t, "not declared", "%s", name)
	return nil
}
