package docs_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/api/sockets"
	"parley/internal/nodetest"
	"parley/loadtest/client"
	"parley/protocol"
)

const apiFile = "docs/api.md"

func TestRoutesAreDocumented(t *testing.T) {
	inCode := map[string]bool{}
	for _, r := range api.Routes() {
		inCode[r.String()] = true
	}
	mentioned := regexp.MustCompile("`((?:GET|POST|PUT|PATCH|DELETE) /api/[^`?]*)[^`]*`")
	inAPI := map[string]bool{}
	for _, d := range all(t) {
		for _, m := range mentioned.FindAllStringSubmatch(d.prose, -1) {
			require.True(t, inCode[m[1]], "%s documents %s, which is no route", d.path, m[1])
			if d.path == apiFile {
				inAPI[m[1]] = true
			}
		}
	}
	for route := range inCode {
		require.True(t, inAPI[route], "%s has nothing on %s", apiFile, route)
	}
}

func TestSocketPathsAreDocumented(t *testing.T) {
	mentioned := regexp.MustCompile("`(/ws/[^`?]*)`")
	var inAPI []string
	for _, d := range all(t) {
		for _, m := range mentioned.FindAllStringSubmatch(d.prose, -1) {
			require.Contains(t, sockets.Paths(), m[1], "%s documents a route that there is not", d.path)
			if d.path == apiFile {
				inAPI = append(inAPI, m[1])
			}
		}
	}
	require.Subset(t, inAPI, sockets.Paths(), "%s lacks some", apiFile)
}

func TestFramesAreDocumented(t *testing.T) {
	d := read(t, apiFile)
	require.ElementsMatch(t, protocol.ClientTypes(), framesUnder(d, "Frames from the client"))
	require.ElementsMatch(t, protocol.ServerTypes(), framesUnder(d, "Frames from the server"))
}

// framesUnder lists the frames that have a heading below another.
func framesUnder(d document, above string) []protocol.Type {
	var found []protocol.Type
	level := 0 // of the heading above, while below it
	for _, h := range d.headings {
		switch {
		case h.text == above:
			level = h.level
		case h.level <= level:
			level = 0
		}
		if typ, ok := frameOf(h.text); ok && level > 0 {
			found = append(found, typ)
		}
	}
	return found
}

// frameOf reads a heading such as "`offer` (received)".
func frameOf(heading string) (protocol.Type, bool) {
	m := regexp.MustCompile("^`([a-z_]+)`( \\(received\\))?$").FindStringSubmatch(heading)
	if m == nil {
		return "", false
	}
	return protocol.Type(m[1]), true
}

func TestCallFramesAreInTheGuide(t *testing.T) {
	d, guide := read(t, apiFile), read(t, "docs/webrtc.md").prose
	calls := slices.Concat(framesUnder(d, "Call sockets"), framesUnder(d, "On call sockets"))
	require.NotEmpty(t, calls)
	for _, typ := range calls {
		require.Contains(t, guide, "`"+string(typ)+"`", "docs/webrtc.md has nothing on it")
	}
}

func TestErrorCodesAreDocumented(t *testing.T) {
	var documented []protocol.Code
	for _, row := range read(t, apiFile).rows("Code") {
		code := protocol.Code(strings.Trim(row[0], "`"))
		if row[0] == string(code) {
			continue // the close codes' table
		}
		documented = append(documented, code)
		require.Equal(t, strconv.Itoa(code.HTTPStatus()), row[1], "HTTP status of %s", code)
		require.Equal(t, yesNo(code.Temporary()), row[2], "whether %s is temporary", code)
	}
	require.ElementsMatch(t, protocol.Codes(), documented)
}

func TestCloseCodesAreDocumented(t *testing.T) {
	var documented []protocol.CloseCode
	for _, row := range read(t, apiFile).rows("Code") {
		n, err := strconv.ParseUint(row[0], 10, 16)
		if err != nil {
			continue // the error codes' table
		}
		code := protocol.CloseCode(n)
		documented = append(documented, code)
		require.Equal(t, yesNo(code.ComeBack()), row[1], "whether to come back after %d", code)
	}
	require.ElementsMatch(t, protocol.CloseCodes(), documented)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// TestFeaturesAreDocumented compares what a node says in its welcome with the
// table.
func TestFeaturesAreDocumented(t *testing.T) {
	n := nodetest.Start(t)
	u, err := n.Server().Register(within(t), "ann", "correct horse")
	require.NoError(t, err)
	s, err := u.OpenSession(within(t), "/ws/", client.SessionConfig{})
	require.NoError(t, err)
	welcome, err := s.Welcomed(within(t), 1)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	var documented []string
	for _, row := range read(t, apiFile).rows("Feature") {
		documented = append(documented, strings.Trim(row[0], "`"))
	}
	require.Equal(t, welcome.Features, documented)
}
