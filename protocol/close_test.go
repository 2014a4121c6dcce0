package protocol_test

import (
	"go/ast"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestCloseCodesTellWhetherToComeBack(t *testing.T) {
	for code, comeBack := range map[protocol.CloseCode]bool{
		1000: false, // normal
		1001: true,  // going away
		1002: false, // protocol error
		1003: false, // binary
		1005: false, // none given: the client left
		1006: true,  // lost
		1007: false, // not UTF-8
		1009: false, // too big
		1011: true,  // internal
		1012: true,  // restart
		1013: true,  // overloaded
		4401: false, // unauthenticated
		4403: false, // not a participant
		4409: false, // replaced
		4410: false, // room deleted
		4508: true,  // heartbeat missed
		4513: true,  // slow reader
		4529: true,  // rate limit
		1008: false, // a code that Parley does not send
		4999: false,
	} {
		require.Equal(t, comeBack, code.ComeBack(), "code %d", code)
	}
}

// TestCloseCodesAreComplete expects every declared code, but for the two that
// never appear on the wire (RFC 6455, section 7.4.1).
func TestCloseCodesAreComplete(t *testing.T) {
	var declared []protocol.CloseCode
	inspect(t, func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return
		}
		if ident, ok := spec.Type.(*ast.Ident); ok && ident.Name == "CloseCode" {
			code, err := strconv.ParseUint(spec.Values[0].(*ast.BasicLit).Value, 10, 16)
			require.NoError(t, err)
			if c := protocol.CloseCode(code); c != protocol.CloseNoStatus && c != protocol.CloseAbnormal {
				declared = append(declared, c)
			}
		}
	})
	require.ElementsMatch(t, declared, protocol.CloseCodes())
}
