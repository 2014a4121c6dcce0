package protocol_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestTimeOnTheWire(t *testing.T) {
	east := time.FixedZone("east", 5*3600+1800)
	for want, at := range map[string]time.Time{
		`"2026-02-03T12:00:00.000Z"`: time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC),
		`"2026-02-03T12:00:00.120Z"`: time.Date(2026, 2, 3, 12, 0, 0, 120_000_000, time.UTC),
		`"2026-02-03T12:00:00.999Z"`: time.Date(2026, 2, 3, 12, 0, 0, 999_999_999, time.UTC),
		`"2026-02-03T06:30:00.001Z"`: time.Date(2026, 2, 3, 12, 0, 0, 1_500_000, east),
		`"0001-01-01T00:00:00.000Z"`: {},
	} {
		for _, wire := range []protocol.Time{protocol.At(at), {Time: at}} {
			got, err := json.Marshal(wire)
			require.NoError(t, err)
			require.Equal(t, want, string(got))
		}
		require.Equal(t, time.UTC, protocol.At(at).Location())
	}
}

func TestTimeReadsAnyRFC3339(t *testing.T) {
	want := time.Date(2026, 2, 3, 12, 0, 0, 500_000_000, time.UTC)
	for _, text := range []string{
		`"2026-02-03T12:00:00.5Z"`, `"2026-02-03T12:00:00.500000000Z"`,
		`"2026-02-03T13:00:00.5+01:00"`, `"2026-02-03T12:00:00.500-00:00"`,
	} {
		var got protocol.Time
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.True(t, want.Equal(got.Time), "%s read as %s", text, got)
	}
	for _, text := range []string{`""`, `"noon"`, `"2026-02-03"`, `1770120000`, `"2026-02-03 12:00:00Z"`} {
		var got protocol.Time
		require.Error(t, json.Unmarshal([]byte(text), &got), text)
	}
}
