package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// TLS watches over the public listener's certificate.
type TLS struct {
	// Static after construction.
	notAfter *prometheus.GaugeVec // without labels: no series, and so no alert, where there is no TLS
	reloads  counters
}

func newTLS(f promauto.Factory) *TLS {
	return &TLS{
		notAfter: f.NewGaugeVec(prometheus.GaugeOpts{
			Name: "parley_tls_certificate_not_after_seconds",
			Help: "Unix time at which the certificate in use expires; absent without TLS.",
		}, nil),
		reloads: newCounters(f, "parley_tls_certificate_reloads_total",
			"Changed certificates that were read, by result; after an error the one before stays in use.", "result",
			[]string{"ok", "error"}),
	}
}

// CertificateInUse records until when the certificate is valid that handshakes
// get from now on.
func (t *TLS) CertificateInUse(notAfter time.Time) {
	t.notAfter.WithLabelValues().Set(float64(notAfter.Unix()))
}

// CertificateReload counts a certificate that was read again, by result: ok or
// error.
func (t *TLS) CertificateReload(result string) { t.reloads.of(result).Inc() }
