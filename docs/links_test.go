package docs_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLinksLeadSomewhere(t *testing.T) {
	require.Empty(t, deadLinks(all(t), func(path string) bool {
		_, err := os.Stat(filepath.Join(root, filepath.FromSlash(path)))
		return err == nil
	}))
}

func TestLinkRuleCanFail(t *testing.T) {
	nothing := func(string) bool { return false }
	for _, bad := range []string{"[a](b.md)", "[a](#none)", "![a](img/a.svg)", "[a](../README.md)", "[a](a.md#none)"} {
		require.Len(t, deadLinks([]document{parse("docs/a.md", "# A\n"+bad+"\n")}, nothing), 1, bad)
	}
	for _, good := range []string{"[a](https://example.com/x.md#y)", "[a](#a)", "[a](a.md)", "[a](a.md#a)", "[a](../docs/a.md)"} {
		require.Empty(t, deadLinks([]document{parse("docs/a.md", "# A\n"+good+"\n")}, nothing), good)
	}
}

// deadLinks checks relative links; exists tells of files that are no documents.
func deadLinks(documents []document, exists func(path string) bool) (dead []string) {
	byPath := map[string]document{}
	for _, d := range documents {
		byPath[d.path] = d
	}
	for _, d := range documents {
		for _, link := range d.links() {
			if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			file, anchor, _ := strings.Cut(link, "#")
			target := d.path
			if file != "" {
				target = path.Join(path.Dir(d.path), file)
			}
			to, isDocument := byPath[target]
			switch {
			case !isDocument && !exists(target):
				dead = append(dead, d.path+": "+link+": there is no such file")
			case anchor != "" && isDocument && !to.anchors()[anchor]:
				dead = append(dead, d.path+": "+link+": there is no such heading")
			}
		}
	}
	return dead
}

func TestEveryDecisionIsListed(t *testing.T) {
	listed := read(t, "docs/adr/README.md").links()
	decisions, err := filepath.Glob("adr/0*.md")
	require.NoError(t, err)
	require.NotEmpty(t, decisions)
	for _, file := range decisions {
		require.Contains(t, listed, filepath.Base(file), "docs/adr/README.md lacks a decision")
	}
}

func TestHeadingsAreUnique(t *testing.T) {
	for _, d := range all(t) {
		if d.path == "CHANGELOG.md" {
			continue // each version has the same ones
		}
		seen := map[string]bool{}
		for _, h := range d.headings {
			require.False(t, seen[slug(h.text)], "%s:%d: %q is there twice, so that a link could mean either", d.path, h.line, h.text)
			seen[slug(h.text)] = true
		}
	}
}

func TestJSONBlocksAreJSON(t *testing.T) {
	for _, d := range all(t) {
		for _, f := range d.fences {
			if f.lang != "json" {
				continue
			}
			_, err := jsonValues(f.body)
			require.NoError(t, err, "%s:%d", d.path, f.line)
		}
	}
}

// jsonValues reads one or more JSON values.
func jsonValues(text string) ([]any, error) {
	var values []any
	for decoder := json.NewDecoder(strings.NewReader(text)); ; {
		var v any
		err := decoder.Decode(&v)
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return values, err
		}
		values = append(values, v)
	}
}

func TestPicturesAreXML(t *testing.T) {
	files, err := filepath.Glob("img/*.svg")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		decoder := xml.NewDecoder(strings.NewReader(string(b)))
		for {
			_, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, file)
		}
	}
}
