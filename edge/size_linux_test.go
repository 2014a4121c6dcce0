//go:build linux && !noepoll

package edge

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// What an idle socket is made of fills a size class of the allocator's: one byte
// more would cost 16.
func TestTheSizeOfAnIdleSocket(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, unsafe.Sizeof(Conn{}), uintptr(144))
}
