package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Auth counts logins and the password hashing behind them.
type Auth struct {
	// Static after construction.
	logins counters
	hashes prometheus.Gauge
	limit  prometheus.Gauge
}

func newAuth(f promauto.Factory) *Auth {
	return &Auth{
		logins: newCounters(f, "parley_logins_total", "Logins by password, by result.", "result",
			[]string{"ok", "invalid", "refused", "failed"}),
		hashes: newGauge(f, "parley_password_hashes", "Passwords that are being hashed."),
		limit: newGauge(f, "parley_password_hashes_limit",
			"Passwords that may be hashed at once; 0 until it is known."),
	}
}

// Login counts a login by its result: ok, invalid (wrong credentials), refused
// (too many wait to be hashed) or failed.
func (a *Auth) Login(result string) { a.logins.of(result).Inc() }

// Hashing adds delta to the number of passwords that are being hashed.
func (a *Auth) Hashing(delta int) { a.hashes.Add(float64(delta)) }

// HashingLimit sets how many passwords may be hashed at once.
func (a *Auth) HashingLimit(n int) { a.limit.Set(float64(n)) }
