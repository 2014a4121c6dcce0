package target

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Metrics are the nodes' own, by name: those of all labels and all nodes added up.
// Histograms are there as their _sum and _count.
type Metrics map[string]float64

// scrapeTimeout is what a node may take to tell its metrics.
const scrapeTimeout = 5 * time.Second

// Watched reports whether the nodes' metrics can be read.
func (t *Target) Watched() bool { return len(t.admin) > 0 }

// Scrape reads the metrics of all nodes.
func (t *Target) Scrape(ctx context.Context) (Metrics, error) {
	if !t.Watched() {
		return nil, errors.New("target: no admin URL to read metrics from")
	}
	ctx, cancel := context.WithTimeout(ctx, scrapeTimeout)
	defer cancel()
	sum := Metrics{}
	for _, base := range t.admin {
		if err := t.scrape(ctx, base, sum); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

func (t *Target) scrape(ctx context.Context, base string, sum Metrics) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/metrics", nil)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	res, err := t.http.Do(req)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("target: %s/metrics answered %s", base, res.Status)
	}
	return sum.Add(res.Body)
}

// Add adds what a page in Prometheus' text format has.
func (m Metrics) Add(page io.Reader) error {
	lines := bufio.NewScanner(page)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		name := line[:strings.IndexAny(line+" ", "{ ")]
		if strings.HasSuffix(name, "_bucket") {
			continue
		}
		// A label's value may hold anything, a space or a brace too: the value is
		// what follows the last brace.
		value := strings.TrimSpace(line[max(strings.LastIndexByte(line, '}')+1, len(name)):])
		value, _, _ = strings.Cut(value, " ") // a timestamp may follow
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return fmt.Errorf("target: metrics: no value: %q", line)
		}
		m[name] += v
	}
	return lines.Err()
}
