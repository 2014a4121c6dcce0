package configs

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

func wantInt(bad report, key string, n, least, most int) {
	if n < least || n > most {
		bad(key, fmt.Sprintf("want a whole number from %d to %d, got %d", least, most, n))
	}
}

// wantIntOrOff also allows 0, which turns the limit off.
func wantIntOrOff(bad report, key string, n, least, most int) {
	if n != 0 && (n < least || n > most) {
		bad(key, fmt.Sprintf("want 0 (off) or a whole number from %d to %d, got %d", least, most, n))
	}
}

func wantTime(bad report, key string, d, least, most time.Duration) {
	if d < least || d > most {
		bad(key, fmt.Sprintf("want a duration from %s to %s, got %s", least, most, d))
	}
}

func wantOneOf(bad report, key, s string, allowed ...string) {
	if !slices.Contains(allowed, s) {
		bad(key, "want one of "+strings.Join(allowed, ", ")+", got "+quote(s))
	}
}

// wantListen checks an address to listen on; port 0 lets the system choose.
func wantListen(bad report, key, addr string) {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		bad(key, "want host:port such as :8080 or 127.0.0.1:8080, got "+quote(addr))
	}
}

// quote shows a value in a problem, cut where it would fill the screen.
func quote(s string) string {
	const most = 80
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return strconv.Quote(s)
}
