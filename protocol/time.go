package protocol

import "time"

// TimeLayout is RFC 3339 in UTC with milliseconds, the only form of time on
// the wire.
const TimeLayout = "2006-01-02T15:04:05.000Z"

// Time is an instant on the wire.
type Time struct{ time.Time }

// At wraps t for the wire.
func At(t time.Time) Time { return Time{t.UTC()} }

// MarshalJSON writes t in TimeLayout.
func (t Time) MarshalJSON() ([]byte, error) {
	return t.appendJSON(make([]byte, 0, len(TimeLayout)+2)), nil
}

func (t Time) appendJSON(b []byte) []byte {
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, TimeLayout)
	return append(b, '"')
}

// UnmarshalJSON reads any RFC 3339 time.
func (t *Time) UnmarshalJSON(b []byte) error {
	return t.Time.UnmarshalJSON(b)
}
