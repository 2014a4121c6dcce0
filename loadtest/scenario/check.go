package scenario

import (
	"errors"
	"fmt"
	"math"
	"time"

	"parley/loadtest/report"
)

// check finds what makes no sense, by the load's own rules too.
func (s Scenario) check() error {
	var all []error
	for _, m := range s.mistakes() {
		all = append(all, fmt.Errorf("scenario: %w", m))
	}
	return errors.Join(all...)
}

func (s Scenario) mistakes() (wrong []mistake) {
	complain := func(key, format string, args ...any) {
		wrong = append(wrong, mistake{key, fmt.Sprintf(format, args...)})
	}
	if len(s.Phases) == 0 {
		complain("phases", "want one or more")
	}
	for i, p := range s.Phases {
		key := fmt.Sprintf("phases[%d]", i)
		if p.Duration <= 0 {
			complain(key+".duration", "want a time above 0, got %s", p.Duration)
		}
		if p.Ramp < 0 || p.Ramp > p.Duration {
			complain(key+".ramp", "want a time from 0 to the duration, got %s", p.Ramp)
		}
		for _, k := range s.kinds() {
			switch w := k.weight(p.Weights); {
			case w < 0 || math.IsNaN(w) || math.IsInf(w, 0):
				complain(key+".weights."+k.name, "want a weight of 0 or more, got %g", w)
			case w > 0 && k.make == nil:
				complain(key+".weights."+k.name, "there is no loads.%s", k.name)
			}
		}
	}
	for i, text := range s.Fail {
		if _, err := report.ParseRule(text); err != nil {
			complain(fmt.Sprintf("fail[%d]", i), "%v", err)
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return s.senseless()
}

// senseless finds loads that would refuse to run, as they are written or as a weight
// makes them.
func (s Scenario) senseless() (wrong []mistake) {
	used := false
	for _, k := range s.kinds() {
		if k.make == nil {
			continue
		}
		if _, err := k.make(layer{top: 1, users: 1, length: time.Minute}); err != nil {
			wrong = append(wrong, mistake{"loads." + k.name, err.Error()})
			continue
		}
		for _, l := range s.layers(k) {
			used = true
			if _, err := k.make(Share{}.cut(l)); err != nil {
				wrong = append(wrong, mistake{"loads." + k.name, fmt.Sprintf("%v (at weight %g)", err, l.top)})
				break
			}
		}
	}
	if !used && len(wrong) == 0 {
		wrong = append(wrong, mistake{"phases", "no load has a weight in any"})
	}
	return wrong
}
