package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Rule says when a run fails, such as "calls.success<0.999" or "connect.p99>2s": of
// a stage its success, done, failed, rate (a second), mean, max or a quantile; of a
// kind of fault, or of all "faults", how many there were; of a counter its count.
type Rule struct {
	text     string
	subject  string // as it stands before the operator
	operator string
	limit    float64 // seconds, a share, or a number
}

var errNoRule = fmt.Errorf("report: want a rule such as calls.success<0.999, connect.p99>2s or lost>0")

// ParseRule reads a rule.
func ParseRule(text string) (Rule, error) {
	// The name of a counter may hold anything but an operator.
	found := regexp.MustCompile(`^\s*([^<>=!\s]+)\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*$`).FindStringSubmatch(text)
	if found == nil {
		return Rule{}, fmt.Errorf("%w: got %q", errNoRule, text)
	}
	r := Rule{text: found[1] + found[2] + found[3], subject: found[1], operator: found[2]}
	limit, unit, err := parseLimit(found[3])
	if err != nil {
		return Rule{}, fmt.Errorf("%w: %q in %q", errNoRule, found[3], text)
	}
	r.limit = limit
	if _, metric := cutLast(r.subject); isTime(metric) != (unit == "s") {
		return Rule{}, fmt.Errorf("%w: %q is %s", errNoRule, text, map[bool]string{
			true: "about a time: give the limit a unit, such as 2s or 150ms", false: "not about a time",
		}[isTime(metric)])
	}
	return r, nil
}

// String is the rule as it is written.
func (r Rule) String() string { return r.text }

// parseLimit reads a number, a percentage, or a duration, of which the unit is "s".
func parseLimit(text string) (limit float64, unit string, err error) {
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		limit, err = strconv.ParseFloat(percent, 64)
		return limit / 100, "", err
	}
	if limit, err = strconv.ParseFloat(text, 64); err == nil {
		return limit, "", nil
	}
	d, err := time.ParseDuration(text)
	return d.Seconds(), "s", err
}

// broken compares a value with the rule's limit.
func (r Rule) broken(value float64) bool {
	switch r.operator {
	case "<":
		return value < r.limit
	case "<=":
		return value <= r.limit
	case ">":
		return value > r.limit
	case ">=":
		return value >= r.limit
	case "==":
		return value == r.limit
	default:
		return value != r.limit
	}
}

// quantiles are those that rules may name.
func quantiles() map[string]float64 {
	return map[string]float64{"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99, "p999": 0.999}
}

func isTime(metric string) bool {
	_, quantile := quantiles()[metric]
	return quantile || metric == "max" || metric == "mean"
}

// cutLast cuts a name at its last dot.
func cutLast(name string) (before, after string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name
	}
	return name[:i], name[i+1:]
}
