package sqlite

import "time"

// Times are stored as Unix milliseconds: short, ordered, and read without
// parsing. 0 stands for the zero time.

func toMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
