package house

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryPackageTellsWhatItIsFor(t *testing.T) {
	require.Empty(t, undocumented(ours(t)))
}

func TestDocumentationRuleCanFail(t *testing.T) {
	require.Equal(t, []string{"x has no doc.go"}, undocumented(fixture(t, "x/y.go", "// Package x is.\npackage x\n")))
	require.Equal(t,
		[]string{`x/doc.go has no paragraph "Does not:"`, `x/doc.go has no paragraph "Concurrency:"`},
		undocumented(fixture(t, "x/doc.go", "// Package x is.\n//\n// Purpose: a.\n//\n// Owns: b. Concurrency: no.\npackage x\n")))
	require.Empty(t, undocumented(fixture(t, "x/doc.go",
		"// Package x is.\n//\n// Purpose: a.\n//\n// Owns: b.\n//\n// Does not: c.\n//\n// Concurrency: d.\npackage x\n")))
}

func undocumented(sources []source) (missing []string) {
	docs := map[string]string{}
	for _, s := range sources {
		folder := path.Dir(s.path)
		if path.Base(s.path) == "doc.go" {
			docs[folder] = s.file.Doc.Text()
		} else if _, ok := docs[folder]; !ok {
			docs[folder] = ""
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(docs)) {
		if docs[folder] == "" {
			missing = append(missing, folder+" has no doc.go")
			continue
		}
		for _, paragraph := range []string{"Purpose:", "Owns:", "Does not:", "Concurrency:"} {
			if !strings.Contains("\n"+docs[folder], "\n"+paragraph) {
				missing = append(missing, fmt.Sprintf("%s/doc.go has no paragraph %q", folder, paragraph))
			}
		}
	}
	return missing
}
