package report

import (
	"slices"
	"strings"

	"parley/loadtest/measure"
)

// Result is what became of a rule.
type Result struct {
	Rule     string  `json:"rule"`
	Value    float64 `json:"value"`             // seconds, a share, or a number
	Measured bool    `json:"measured"`          // false: there was nothing that it could be held against
	Broken   bool    `json:"broken"`            // which it also is where nothing was measured
	Default  bool    `json:"default,omitempty"` // nobody asked for it
}

// Defaults are the rules that hold unless others are about the same: no fault of any
// kind, and those given.
func Defaults(asked []Rule, also ...Rule) []Rule {
	rules := Except(also, asked)
	var none []Rule
	for _, kind := range measure.FaultKinds() {
		none = append(none, Rule{text: string(kind) + ">0", subject: string(kind), operator: ">"})
	}
	return slices.Concat(rules, Except(none, slices.Concat(asked, rules)))
}

// Except are the rules but for those about the same as one of others. One about all
// faults is about each kind of them.
func Except(rules, others []Rule) (left []Rule) {
	about := map[string]bool{}
	for _, r := range others {
		about[r.about()] = true
	}
	for _, r := range rules {
		if !about[r.about()] && (faultOf(r.subject) == "" || !about[allFaults]) {
			left = append(left, r)
		}
	}
	return left
}

// about is what a rule is about, by one name.
func (r Rule) about() string {
	if kind := faultOf(r.subject); kind != "" {
		return kind
	}
	return r.subject
}

// allFaults is the subject of rules about faults of all kinds.
const allFaults = "faults"

// faultOf is the kind of fault that a subject names, alone or as the load's that
// finds it ("chat.lost"); "" if it does not.
func faultOf(subject string) string {
	subject = strings.TrimPrefix(strings.TrimPrefix(subject, "chat."), allFaults+".")
	if subject == allFaults || slices.Contains(measure.FaultKinds(), measure.FaultKind(subject)) {
		return subject
	}
	return ""
}

// Judge holds the run against rules and keeps what became of them. A rule about what
// was never measured is broken: it may be misspelt, or nothing came of the run. Of
// the default ones that is so only where the run was not stopped before.
func (r *Report) Judge(asked, byDefault []Rule) {
	r.Passed = true
	for i, rule := range slices.Concat(asked, byDefault) {
		value, measured := r.value(rule.subject)
		if !measured && r.Stopped && i >= len(asked) {
			continue
		}
		result := Result{
			Rule: rule.text, Value: value, Measured: measured,
			Broken: !measured || rule.broken(value), Default: i >= len(asked),
		}
		r.Passed = r.Passed && !result.Broken
		r.Rules = append(r.Rules, result)
	}
}

// value finds what a rule is about.
func (r *Report) value(subject string) (value float64, measured bool) {
	switch kind := faultOf(subject); kind {
	case "":
	case allFaults:
		for _, f := range r.Recorded.Faults {
			value += float64(f.Count)
		}
		return value, true
	default:
		return float64(r.Recorded.Faults[measure.FaultKind(kind)].Count), true
	}
	if n, ok := r.Recorded.Counters[subject]; ok {
		return float64(n), true
	}
	name, metric := cutLast(subject)
	stage, ok := r.Recorded.Stages[name]
	if !ok {
		return 0, false
	}
	return stageValue(stage, metric, float64(r.Elapsed))
}

func stageValue(s measure.StageRecord, metric string, elapsed float64) (value float64, measured bool) {
	tried := s.Done()+s.Failed > 0
	switch metric {
	case "success":
		return s.Success(), tried
	case "done":
		return float64(s.Done()), true
	case "failed":
		return float64(s.Failed), true
	case "rate":
		return float64(s.Done()) / elapsed, elapsed > 0
	case "mean":
		return float64(s.Latency.Mean()), s.Done() > 0
	case "max":
		return float64(s.Latency.Max()), s.Done() > 0
	}
	q, ok := quantiles()[metric]
	return float64(s.Latency.Quantile(q)), ok && s.Done() > 0
}
