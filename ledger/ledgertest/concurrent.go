package ledgertest

import (
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/ledger"
)

const (
	workers   = 8 // on each of two nodes
	successes = 25
)

// oneWins counts in a document from many goroutines: no step is lost, and no
// version is won twice.
func oneWins(t *testing.T, n *nodes) {
	var mu sync.Mutex
	var won []int64
	n.together(t, func(by ledger.Ledger) error {
		var doc ledger.Document
		for done := 0; done < successes; {
			count, _ := strconv.Atoi(string(doc.Value))
			now, stored, err := by.Swap(t.Context(), "k", doc.Version, strconv.AppendInt(nil, int64(count)+1, 10), day)
			if err != nil {
				return err
			}
			if stored {
				done++
				mu.Lock()
				won = append(won, now.Version)
				mu.Unlock()
			}
			doc = now
		}
		return nil
	})
	const total = 2 * workers * successes
	require.Len(t, won, total)
	slices.Sort(won)
	require.Len(t, slices.Compact(slices.Clone(won)), total, "each version is won once")
	n.holds(t, "k", won[total-1], strconv.Itoa(total))
}

// oneBegins lets all make the document and remove it again: who has made it is
// the only one who can remove it, and versions grow from one to the next.
func oneBegins(t *testing.T, n *nodes) {
	var last int64 // guarded by the document: only who holds it gets there
	var mu sync.Mutex
	n.together(t, func(by ledger.Ledger) error {
		for done := 0; done < successes; {
			now, stored, err := by.Swap(t.Context(), "k", 0, []byte("mine"), day)
			if err != nil {
				return err
			}
			if !stored {
				continue
			}
			done++
			mu.Lock()
			if now.Version <= last {
				t.Errorf("version %d after %d", now.Version, last)
			}
			last = now.Version
			mu.Unlock()
			if _, stored, err = by.Swap(t.Context(), "k", now.Version, nil, day); err != nil {
				return err
			} else if !stored {
				t.Errorf("version %d was removed by another", now.Version)
			}
		}
		return nil
	})
	n.holds(t, "k", 0, "")
}

// together runs work on many goroutines of both nodes.
func (n *nodes) together(t *testing.T, work func(by ledger.Ledger) error) {
	t.Helper()
	var all sync.WaitGroup
	for range workers {
		for _, by := range []ledger.Ledger{n.a, n.b} {
			all.Go(func() {
				if err := work(by); err != nil {
					t.Errorf("swap: %v", err)
				}
			})
		}
	}
	all.Wait()
}
