package metrics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCertificateIsNoMetricWithoutTLS(t *testing.T) {
	m := newMetrics()
	require.NotContains(t, string(scrape(t, m)), "parley_tls_certificate_not_after_seconds")
	m.TLS.CertificateInUse(time.Unix(1_800_000_000, 0))
	m.TLS.CertificateInUse(time.Unix(1_900_000_000, 0))
	m.TLS.CertificateReload("ok")
	m.TLS.CertificateReload("error")
	m.TLS.CertificateReload("maybe")
	p := scrape(t, m)
	require.Equal(t, 1.9e9, p.value(t, "parley_tls_certificate_not_after_seconds"), "the one in use")
	for _, result := range []string{"ok", "error", "other"} {
		require.Equal(t, 1.0, p.value(t, `parley_tls_certificate_reloads_total{result="`+result+`"}`))
	}
}
