package recent_test

import (
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/recent"
)

// FuzzFacts plays any order of changes, look-ups that take their time and
// questions: what is remembered is always what a look-up would find now.
func FuzzFacts(f *testing.F) {
	f.Add([]byte{0x00, 0x10, 0x20, 0x30, 0x10, 0x00, 0x30, 0x40, 0x20})
	f.Add([]byte("a look-up, an ending, many endings, time, the look-up's answer"))
	f.Fuzz(func(t *testing.T, script []byte) {
		synctest.Test(t, func(t *testing.T) {
			type lookUp struct {
				at    seat
				found string // empty: not so
				mark  recent.Mark
			}
			facts := newSeats(4)
			truth := map[seat]string{}
			var underWay []lookUp
			for step, b := range script {
				s := seat{1 + int(b>>2&1), 1 + int(b>>1&1)}
				switch b >> 4 % 6 {
				case 0: // given, or changed
					_, was := truth[s]
					truth[s] = strconv.Itoa(step)
					if was {
						facts.End(s)
					}
				case 1: // taken
					delete(truth, s)
					facts.End(s)
				case 2: // the whole table's
					delete(truth, seat{s.table, 1})
					delete(truth, seat{s.table, 2})
					facts.End(seat{table: s.table})
				case 3: // a look-up begins
					underWay = append(underWay, lookUp{s, truth[s], facts.Begin()})
				case 4: // one ends
					if len(underWay) > 0 {
						i := int(b&15) % len(underWay)
						if l := underWay[i]; l.found != "" {
							facts.Put(l.at, l.found, l.mark)
						}
						underWay = slices.Delete(underWay, i, i+1)
					}
				case 5:
					time.Sleep(time.Duration(b&15) * keep / 12)
				}
				for _, s := range []seat{{1, 1}, {1, 2}, {2, 1}, {2, 2}} {
					if got, ok := facts.Get(s); ok && got != truth[s] {
						t.Fatalf("step %d: %v is remembered as %q, and is %q", step, s, got, truth[s])
					}
				}
			}
		})
	})
}
