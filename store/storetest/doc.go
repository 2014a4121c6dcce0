// Package storetest proves a back end of package store.
//
//	func TestConformance(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) store.Store { … })
//	}
//
// Purpose: one suite that says in code what the contract says in words, so
// that a service above may rely on it with any back end.
//
// Owns: the conformance tests, a file per subject.
//
// Does not: know any back end, or test what only one of them promises (its
// files, its migrations, its crashes).
//
// Concurrency: Run's and RunShared's subtests run one after the other; each has a store of its
// own and uses it from many goroutines.
package storetest
