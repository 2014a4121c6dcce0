package value

import "time"

// Times are stored as Unix milliseconds: short, ordered, and read without
// parsing. 0 stands for the zero time.

// Milli is a time as it is stored.
func Milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is the time that is stored as ms, in UTC.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
