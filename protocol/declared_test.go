package protocol_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// TestEveryPayloadTypeHasAGoldenFile compares the structs that the package
// declares for JSON with those that the tests encode or decode.
func TestEveryPayloadTypeHasAGoldenFile(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range serverFrames() {
		collect(reflect.TypeOf(f.data), seen)
	}
	for _, p := range restPayloads() {
		collect(reflect.TypeOf(p), seen)
	}
	for _, p := range []any{
		protocol.ErrorData{},
		protocol.SendMessage{},
		protocol.SendTyping{},
		protocol.SendRead{},
		protocol.SendEdit{},
		protocol.SendDelete{},
		protocol.PeerState{},
		protocol.Subscribe{},
		protocol.Received{},
		protocol.SendInvite{},
	} {
		collect(reflect.TypeOf(p), seen)
	}
	for _, name := range payloadTypes(t) {
		require.True(t, seen[name], "payload type %s is in no golden file", name)
	}
}

// collect notes the structs that a type consists of.
func collect(typ reflect.Type, seen map[string]bool) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		collect(typ.Elem(), seen)
	case reflect.Struct:
		seen[typ.Name()] = true
		for i := range typ.NumField() {
			collect(typ.Field(i).Type, seen)
		}
	}
}

// payloadTypes lists the package's structs with json tags.
func payloadTypes(t *testing.T) []string {
	t.Helper()
	var names []string
	inspect(t, func(n ast.Node) {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return
		}
		if s, ok := spec.Type.(*ast.StructType); ok && len(s.Fields.List) > 0 && s.Fields.List[0].Tag != nil {
			names = append(names, spec.Name.Name)
		}
	})
	require.NotEmpty(t, names)
	return names
}

// constants lists the values of the package's string constants of a type.
func constants(t *testing.T, typ string) []string {
	t.Helper()
	var values []string
	inspect(t, func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return
		}
		if ident, ok := spec.Type.(*ast.Ident); ok && ident.Name == typ {
			values = append(values, strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`))
		}
	})
	require.NotEmpty(t, values)
	return values
}

// inspect walks over the package's own source.
func inspect(t *testing.T, visit func(ast.Node)) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(source, func(n ast.Node) bool {
			visit(n)
			return true
		})
	}
}

func TestTypesAreComplete(t *testing.T) {
	listed := map[string]bool{}
	for _, typ := range append(protocol.ClientTypes(), protocol.ServerTypes()...) {
		listed[string(typ)] = true
	}
	for _, value := range constants(t, "Type") {
		require.True(t, listed[value], "frame type %s is in neither list", value)
	}
	require.Len(t, listed, len(constants(t, "Type")))
}
