package value_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/internal/value"
)

func TestFoldIsTheSameForSpellingsOfOneName(t *testing.T) {
	for _, alike := range [][]string{
		{"ann", "ANN", "Ann"},
		{"straße", "STRASSE", "Strasse"},
		{"ÉVA", "e\u0301va", "Éva"},
		{"Σίσυφος", "ΣΊΣΥΦΟΣ"},
	} {
		for _, name := range alike {
			require.Equal(t, value.Fold(alike[0]), value.Fold(name), name)
		}
	}
	require.NotEqual(t, value.Fold("eva"), value.Fold("éva"))
}

func TestTimesAreMillisecondsInUTC(t *testing.T) {
	at := time.Date(2024, 2, 29, 12, 30, 15, 123_000_000, time.FixedZone("x", 3600))
	require.Equal(t, at.UTC(), value.Time(value.Milli(at)))
	require.Zero(t, value.Milli(time.Time{}))
	require.True(t, value.Time(0).IsZero())
}

func TestBoundsAreNeverNegative(t *testing.T) {
	limit, offset := value.Bounds(store.Page{Limit: -1, Offset: -2})
	require.Equal(t, [2]int{}, [2]int{limit, offset})
	limit, offset = value.Bounds(store.Page{Limit: 3, Offset: 4})
	require.Equal(t, [2]int{3, 4}, [2]int{limit, offset})
}
