package value

import "parley/store"

// Bounds turns a page into arguments of LIMIT and OFFSET, which databases take
// amiss, or for none, where they are negative.
func Bounds(p store.Page) (limit, offset int) {
	return max(p.Limit, 0), max(p.Offset, 0)
}
