package e2e

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// get reads a page, as a probe or a scraper does, with no connection kept.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(within(t), http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(b)
}

// samples are a scrape's, by name and labels as they are written.
type samples map[string]float64

func scrape(t *testing.T, admin string) samples {
	t.Helper()
	status, body := get(t, admin+"/metrics")
	require.Equal(t, http.StatusOK, status)
	m := samples{}
	for line := range strings.Lines(body) {
		at := strings.LastIndexByte(line, ' ')
		if line[0] == '#' || at < 0 {
			continue
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(line[at:]), 64)
		require.NoError(t, err, line)
		m[line[:at]] = value
	}
	return m
}

// value requires the sample to be there.
func (m samples) value(t *testing.T, name string) float64 {
	t.Helper()
	v, ok := m[name]
	if !ok {
		family, _, _ := strings.Cut(name, "{")
		var alike []string
		for k := range m {
			if strings.HasPrefix(k, family) {
				alike = append(alike, k)
			}
		}
		require.Failf(t, "no such sample", "%s; there are %q", name, alike)
	}
	return v
}
