package edge

import "sync/atomic"

// Allowance is how many bytes many may keep together. Any goroutine may use it.
// The nil Allowance has no bound.
type Allowance struct {
	most int64 // 0: no bound; static
	used atomic.Int64
}

// NewAllowance is an allowance of so many bytes; with 0 it only counts.
func NewAllowance(bytes int) *Allowance { return &Allowance{most: int64(bytes)} }

// Take uses n bytes, or nothing and reports false if fewer are left.
func (a *Allowance) Take(n int) bool {
	if a == nil {
		return true
	}
	for {
		used := a.used.Load()
		if a.most > 0 && used+int64(n) > a.most {
			return false
		}
		if a.used.CompareAndSwap(used, used+int64(n)) {
			return true
		}
	}
}

// Give returns n bytes that were taken.
func (a *Allowance) Give(n int) {
	if a != nil {
		a.used.Add(-int64(n))
	}
}

// Used is how many bytes are taken.
func (a *Allowance) Used() int {
	if a == nil {
		return 0
	}
	return int(a.used.Load())
}
