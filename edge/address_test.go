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
	acquire := func(addr netip.Addr) *addressCount {
		c, ok := a.acquire(addr)
		require.True(t, ok)
		return c
	}
	first, second := acquire(one), acquire(one)
	_, ok := a.acquire(one)
	require.False(t, ok)
	third := acquire(other)
	a.release(first)
	first = acquire(one)
	_, ok = a.acquire(one)
	require.False(t, ok)

	for _, c := range []*addressCount{first, second, third} {
		a.release(c)
	}
	require.Empty(t, a.count, "an address without sockets must not be kept")
}

func TestAddressesWithoutLimit(t *testing.T) {
	t.Parallel()
	var a addresses
	one := netip.MustParseAddr("192.0.2.1")
	for range 100 {
		c, ok := a.acquire(one)
		require.True(t, ok)
		a.release(c)
	}
	require.Nil(t, a.count, "nothing is counted that is not limited")

	limited := addresses{most: 1}
	for range 3 {
		_, ok := limited.acquire(netip.Addr{})
		require.True(t, ok, "who has no address is not limited")
	}
}
