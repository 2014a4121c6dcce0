package live

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"parley/loadtest/measure"
)

// Goal is what a run is through with when it is over: so many of a stage, or a time.
// The zero value is not known.
type Goal struct {
	Stage string
	Count int64
	Time  time.Duration
}

// View shows samples.
type View struct {
	// static
	out  io.Writer
	size func() Size
	goal Goal
	bars *mpb.Progress // nil where there is no terminal
	bar  *mpb.Bar

	mu     sync.Mutex
	tally  tally          // guarded by mu
	latest measure.Sample // guarded by mu
}

// every is how many samples one line is for, where there is no terminal.
const every = 5

// New begins to show a run, on the terminal of a size or, if that is nil, in plain
// lines.
func New(out io.Writer, size func() Size, goal Goal) *View {
	v := &View{out: out, size: size, goal: goal, tally: tally{stages: map[string]measure.StageSample{}}}
	if size != nil {
		v.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(64), mpb.WithAutoRefresh())
		v.bar = v.bars.AddBar(goal.total(),
			mpb.PrependDecorators(decor.Elapsed(decor.ET_STYLE_GO, decor.WCSyncSpace)),
			mpb.AppendDecorators(decor.CountersNoUnit("%d / %d", decor.WCSyncSpace)),
			mpb.BarExtender(mpb.BarFillerFunc(v.extend), false))
	}
	return v
}

// total is what the bar counts up to: of the stage, or seconds.
func (g Goal) total() int64 {
	if g.Count > 0 {
		return g.Count
	}
	return int64(g.Time.Seconds())
}

// Show takes the next sample.
func (v *View) Show(s measure.Sample) {
	v.mu.Lock()
	v.latest = s
	v.tally.add(s)
	done := int64(s.At)
	if v.goal.Count > 0 {
		done = v.tally.stages[v.goal.Stage].Done + v.tally.stages[v.goal.Stage].Failed
	}
	samples := v.tally.samples
	v.mu.Unlock()
	switch {
	case v.bar != nil:
		v.bar.SetCurrent(min(done, max(v.goal.total()-1, 0))) // complete is what Close makes it
	case samples%every == 0:
		v.line()
	}
}

// Close shows the last of it.
func (v *View) Close() {
	if v.bar == nil {
		if v.tally.over > 0 {
			v.line()
		}
		return
	}
	v.bar.Abort(false)
	v.bars.Wait()
}

// line writes what happened since the last line.
func (v *View) line() {
	v.mu.Lock()
	defer v.mu.Unlock()
	fmt.Fprintf(v.out, "%6s ", v.latest.At.Duration().Round(time.Second))
	v.tally.line(v.out, v.latest)
	v.tally.begin()
}

// extend writes the lines below the bar.
func (v *View) extend(w io.Writer, _ decor.Statistics) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tally.block(w, v.latest, v.size())
	return nil
}
