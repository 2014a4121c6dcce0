package edge

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddressesAreCountedApart(t *testing.T) {
	t.Parallel()
	a := addresses{most: 2}
	one, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	require.True(t, a.acquire(one))
	require.True(t, a.acquire(one))
	require.False(t, a.acquire(one))
	require.True(t, a.acquire(other))
	a.release(one)
	require.True(t, a.acquire(one))
	require.False(t, a.acquire(one))

	for range 2 {
		a.release(one)
	}
	a.release(other)
	require.Empty(t, a.count, "an address without sockets must not be kept")
}

func TestAddressesWithoutLimit(t *testing.T) {
	t.Parallel()
	var a addresses
	one := netip.MustParseAddr("192.0.2.1")
	for range 100 {
		require.True(t, a.acquire(one))
	}
	a.release(one)
	require.Nil(t, a.count, "nothing is counted that is not limited")

	limited := addresses{most: 1}
	for range 3 {
		require.True(t, limited.acquire(netip.Addr{}), "who has no address is not limited")
	}
}
