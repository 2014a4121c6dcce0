package metrics_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"

	"parley/metrics"
)

func TestHistogramsAreClassicAndNative(t *testing.T) {
	m := newMetrics()
	exercise(m)
	rec := get(t, metrics.AdminHandler(m, nil), "/metrics",
		"Accept", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
	require.Equal(t, http.StatusOK, rec.Code)

	histograms := 0
	dec := expfmt.NewDecoder(rec.Body, expfmt.ResponseFormat(rec.Header()))
	for {
		var family dto.MetricFamily
		err := dec.Decode(&family)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if !strings.HasPrefix(family.GetName(), "parley_") || family.GetType() != dto.MetricType_HISTOGRAM {
			continue
		}
		histograms++
		for _, metric := range family.GetMetric() {
			h := metric.GetHistogram()
			require.NotEmpty(t, h.GetBucket(), "%s has no classic buckets", family.GetName())
			require.NotEmpty(t, h.GetPositiveSpan(), "%s has no native buckets", family.GetName())
			require.EqualValues(t, 3, h.GetSchema(), "%s: 8 native buckets a power of two", family.GetName())
		}
	}
	require.Equal(t, 8, histograms)
}
