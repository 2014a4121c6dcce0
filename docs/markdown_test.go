package docs_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// root is the module's folder, seen from this package's.
const root = ".."

// document is a Markdown file, as far as these tests understand it.
type document struct {
	path     string // slashed, from the module's folder
	text     string
	headings []heading
	fences   []fence
	prose    string // the text without fences
}

type heading struct {
	level int
	text  string
	line  int
}

// fence is a block of code.
type fence struct {
	lang string
	args []string // what follows the language
	body string
	line int
	in   []string // the headings above it, the nearest last
}

// is reports whether the words after the language begin so.
func (f fence) is(lang string, args ...string) bool {
	return f.lang == lang && len(f.args) >= len(args) && strings.Join(f.args[:len(args)], " ") == strings.Join(args, " ")
}

// section is the nearest heading above the block.
func (f fence) section() string {
	if len(f.in) == 0 {
		return ""
	}
	return f.in[len(f.in)-1]
}

func read(t *testing.T, path string) document {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	require.NoError(t, err)
	return parse(path, string(b))
}

// all reads every Markdown file of the project.
func all(t *testing.T) []document {
	t.Helper()
	var found []document
	for _, file := range files(t) {
		if path.Ext(file) == ".md" {
			found = append(found, read(t, file))
		}
	}
	require.NotEmpty(t, found)
	return found
}

// files lists what somebody wrote: neither what git keeps, nor what was built,
// fetched or stored, nor test data.
func files(t *testing.T) []string {
	t.Helper()
	var found []string
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			found = append(found, name)
			return nil
		}
		switch entry.Name() {
		case ".git", "bin", "data", "node_modules", "testdata":
			return fs.SkipDir
		}
		return nil
	}))
	return found
}

func parse(path, text string) document {
	d := document{path: path, text: text}
	var open *fence
	var above []heading
	var prose strings.Builder
	for i, line := range strings.Split(text, "\n") {
		info, isFence := strings.CutPrefix(line, "```")
		switch {
		case open != nil && isFence:
			d.fences = append(d.fences, *open)
			open = nil
		case open != nil:
			open.body += line + "\n"
		case isFence:
			open = &fence{line: i + 1, in: texts(above)}
			if words := strings.Fields(info); len(words) > 0 {
				open.lang, open.args = words[0], words[1:]
			}
		default:
			prose.WriteString(line + "\n")
			if h, ok := headingOf(line, i+1); ok {
				for len(above) > 0 && above[len(above)-1].level >= h.level {
					above = above[:len(above)-1]
				}
				above = append(above, h)
				d.headings = append(d.headings, h)
			}
		}
	}
	d.prose = prose.String()
	return d
}

func headingOf(line string, number int) (heading, bool) {
	level := len(line) - len(strings.TrimLeft(line, "#"))
	text, ok := strings.CutPrefix(line[level:], " ")
	return heading{level, strings.TrimSpace(text), number}, ok && level > 0
}

func texts(headings []heading) []string {
	out := make([]string, len(headings))
	for i, h := range headings {
		out[i] = h.text
	}
	return out
}

// anchors lists where links into the document may lead.
func (d document) anchors() map[string]bool {
	found := map[string]bool{}
	for _, h := range d.headings {
		found[slug(h.text)] = true
	}
	for _, m := range regexp.MustCompile(`<a id="([^"]+)"`).FindAllStringSubmatch(d.prose, -1) {
		found[m[1]] = true
	}
	return found
}

// slug makes a heading's anchor as the hosts of repositories do: lower case,
// punctuation dropped, spaces turned into hyphens.
func slug(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		default:
			return -1
		}
	}, text)
}

// links lists the targets of links and pictures.
func (d document) links() []string {
	plain := regexp.MustCompile("`[^`]*`").ReplaceAllString(d.prose, "")
	var found []string
	for _, m := range regexp.MustCompile(`\]\(([^)\s]+)[^)]*\)`).FindAllStringSubmatch(plain, -1) {
		found = append(found, m[1])
	}
	return found
}

// rows lists the cells of the table whose first column has this title.
func (d document) rows(title string) [][]string {
	var found [][]string
	inside := false
	for _, line := range strings.Split(d.prose, "\n") {
		if !strings.HasPrefix(line, "|") {
			inside = false
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case inside && !strings.HasPrefix(line, "|---"):
			found = append(found, cells)
		case cells[0] == title:
			inside = true
		}
	}
	return found
}

func TestMarkdownIsUnderstood(t *testing.T) {
	d := parse("a.md", "# One `GET /a/{id}/`\n\n[x](b.md#c) and `[no](no.md)`\n\n"+
		"```json 201 ?a=1\n{}\n# no heading [no](no.md)\n```\n\n## Two\n```sh test\nls\n```\n# Three\n\n"+
		"| Code | Means |\n|---|---|\n| `a` | b |\n\n| Other | c |\n")
	require.Equal(t, map[string]bool{"one-get-aid": true, "two": true, "three": true}, d.anchors())
	require.Equal(t, []string{"b.md#c"}, d.links())
	require.Len(t, d.fences, 2)
	require.True(t, d.fences[0].is("json", "201"))
	require.Equal(t, []string{"201", "?a=1"}, d.fences[0].args)
	require.Equal(t, "{}\n# no heading [no](no.md)\n", d.fences[0].body)
	require.Equal(t, []string{"One `GET /a/{id}/`", "Two"}, d.fences[1].in)
	require.Equal(t, "Two", d.fences[1].section())
	require.Equal(t, [][]string{{"`a`", "b"}}, d.rows("Code"))
}
