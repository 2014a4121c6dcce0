package signaling

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/signaling/call"
)

// Each renewal comes once, at its time and not before; those that were removed do
// not.
func TestRenewalsComeWhenTheyAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		all := make(chan *renewal, 1000)
		q := &renewals{renew: func(r *renewal) {
			require.Equal(t, r.due.Sub(began), time.Since(began))
			all <- r
		}}
		var want []*renewal
		for i := range 1000 {
			r := &renewal{session: call.SessionID(i), due: began.Add(rand.N(24 * time.Hour))}
			q.add(r)
			if i%3 != 0 {
				want = append(want, r)
				continue
			}
			q.remove(r)
			q.remove(r)
		}
		slices.SortFunc(want, func(a, b *renewal) int { return a.due.Compare(b.due) })
		time.Sleep(25 * time.Hour)
		synctest.Wait()
		close(all)
		var came []*renewal
		for r := range all {
			came = append(came, r)
		}
		require.Equal(t, want, came)
		q.remove(came[0])
	})
}

func TestAnOverdueRenewalComesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		came := make(chan *renewal, 2)
		q := &renewals{renew: func(r *renewal) { came <- r }}
		q.add(&renewal{due: time.Now().Add(time.Hour)})
		overdue := &renewal{due: time.Now().Add(-time.Hour)}
		q.add(overdue)
		synctest.Wait()
		require.Len(t, came, 1)
		require.Same(t, overdue, <-came)
		q.stop()
	})
}

func TestNoRenewalComesAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &renewals{renew: func(*renewal) { t.Error("a renewal came") }}
		q.add(&renewal{due: time.Now().Add(time.Minute)})
		q.stop()
		q.add(&renewal{due: time.Now().Add(time.Second)})
		time.Sleep(time.Hour)
		synctest.Wait()
	})
}
