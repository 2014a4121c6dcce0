package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fault is how a kind of fault begins and ends. Both wait until it has.
type fault struct{ begin, end func(victim int) error }

// storm is a run.
type storm struct {
	*town
	t       *testing.T
	seed    uint64
	deck    *Deck
	kinds   map[Kind]fault
	struck  []Struck
	healthy *watch
}

// rage deals strikes for a time.
func (s *storm) rage(most time.Duration) {
	until := s.began.Add(most)
	for time.Now().Before(until) {
		next := s.deck.Deal()
		s.wait(next.After)
		at := Struck{Strike: next}
		at.From = time.Since(s.began)
		s.t.Logf("%6.1fs %s", at.From.Seconds(), next)
		for _, k := range next.Kinds {
			s.do(s.kinds[k].begin, next.Victim)
		}
		s.wait(next.Lasts)
		for _, k := range slices.Backward(next.Kinds) { // what the first needs to start is there again
			s.do(s.kinds[k].end, next.Victim)
		}
		at.To = time.Since(s.began)
		s.struck = append(s.struck, at)
		if slices.ContainsFunc(next.Kinds, Kind.Hides) {
			s.outages = append(s.outages, at.Span)
		}
	}
}

func (s *storm) do(what func(victim int) error, victim int) {
	if what != nil {
		require.NoError(s.t, what(victim), "seed %d", s.seed)
	}
}

// wait waits while nothing but what is meant to ends.
func (s *storm) wait(d time.Duration) {
	deadline := time.After(d)
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		for _, n := range s.nodes {
			require.False(s.t, n.dead(), "seed %d: %s has ended by itself", s.seed, n.id)
		}
		select {
		case <-look.C:
		case <-deadline:
			return
		}
	}
}

// calm waits until all is as it must come to be.
func (s *storm) calm(phase int32, patience time.Duration) Trial {
	s.phase.Store(phase)
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	var bad []Violation
	for {
		trial, err := s.trial(ctx)
		if err == nil {
			if bad = Unsettled(trial); len(bad) == 0 {
				return trial
			}
		}
		if ctx.Err() != nil {
			s.fail(bad, fmt.Sprintf("not settled after %s (%v)", patience, err))
		}
		s.wait(300 * time.Millisecond)
	}
}

// fail ends the test and shows what there is to be shown.
func (s *storm) fail(bad []Violation, why string) {
	s.close()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nseed %d, to be repeated with PARLEY_SEED=%[2]d\n", why, s.seed)
	for i, at := range s.struck {
		fmt.Fprintf(&b, "strike %d: %.3fs to %.3fs: %s\n", i+1, at.From.Seconds(), at.To.Seconds(), at.Strike)
	}
	for _, v := range bad[:min(len(bad), 25)] {
		fmt.Fprintln(&b, v)
	}
	fmt.Fprintf(&b, "%d violations in all\n", len(bad))
	shown := make(map[string]bool)
	for _, v := range bad {
		if i := slices.IndexFunc(s.visitors, func(k *visitor) bool { return k.Line().Name == v.Line }); i >= 0 && !shown[v.Line] && len(shown) < 3 {
			shown[v.Line] = true
			fmt.Fprintf(&b, "what %s saw up to %.3fs:\n%s\n", v.Line, v.At.Seconds(), s.visitors[i].complaint(v.At))
		}
	}
	fmt.Fprintf(&b, "all that was kept is in %s\n", s.dump())
	require.FailNow(s.t, "the nodes did not keep their promises", "%s", b.String())
}

// dump writes what the clients saw, and what the nodes said, where it stays.
func (s *storm) dump() string {
	dir, err := os.MkdirTemp("", "parley-faults-") // it is to outlive the test
	if err != nil {
		return err.Error()
	}
	for _, v := range s.visitors {
		name := strings.NewReplacer(" on /ws/", "-", "/", "-").Replace(v.Line().Name)
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, strings.Trim(name, "-")), []byte(v.seen(0, len(v.frames))), 0o600))
	}
	for _, n := range s.nodes {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, n.id), []byte(n.said()), 0o600))
	}
	if err != nil {
		return err.Error()
	}
	return dir
}

// run has it rage, waits until all has settled, and judges.
func (s *storm) run(most time.Duration) Report {
	s.open(s.t.Context())
	defer s.close()
	s.healthy.begin(s.nodes)
	s.rage(most)
	over := time.Now()
	s.calm(calming, 2*s.terms.Patience())
	settling := time.Since(over)
	s.reread()
	trial := s.calm(ending, s.terms.Patience())
	s.healthy.end()
	r := NewReport(s.seed, trial, s.struck)
	r.Settling = settling
	s.t.Log(r)
	if bad := append(Judge(trial), s.healthy.violations()...); len(bad) > 0 {
		s.fail(bad, "violations")
	}
	return r
}

// watch asks all nodes whether they live: one that works must, whatever fails.
type watch struct {
	http *http.Client
	stop context.CancelFunc
	work sync.WaitGroup

	mu  sync.Mutex
	bad []Violation // guarded by mu
}

// healthPatience bounds how long a node may take to say that it lives.
const healthPatience = 8 * time.Second

func (w *watch) begin(nodes []*node) {
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	for _, n := range nodes {
		w.work.Go(func() {
			every := time.NewTicker(time.Second)
			defer every.Stop()
			for {
				w.ask(ctx, n)
				select {
				case <-every.C:
				case <-ctx.Done():
					return
				}
			}
		})
	}
}

func (w *watch) ask(ctx context.Context, n *node) {
	since := n.working()
	if since.IsZero() {
		return
	}
	asking, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	what := "gives no answer"
	req, err := http.NewRequestWithContext(asking, http.MethodGet, n.admin+"/healthz", nil)
	if err == nil {
		var res *http.Response
		if res, err = w.http.Do(req); err == nil {
			_ = res.Body.Close()
			what = res.Status
			if res.StatusCode == http.StatusOK {
				return
			}
		}
	}
	if ctx.Err() != nil || n.working() != since {
		return // it was ended meanwhile
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bad = append(w.bad, Violation{Rule: "liveness", What: fmt.Sprintf("%s: /healthz %s (%v)", n.id, what, err)})
}

func (w *watch) end() {
	w.stop()
	w.work.Wait()
}

func (w *watch) violations() []Violation {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bad
}
