package configs

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// RedisMode says what answers at the addresses of a RedisURL.
type RedisMode string

// The modes, and the scheme of each (with TLS: rediss…).
const (
	RedisSingle   RedisMode = "redis"          // one server
	RedisSentinel RedisMode = "redis+sentinel" // sentinels that know the master
	RedisCluster  RedisMode = "redis+cluster"  // servers of a Redis Cluster
)

// RedisURL is cluster.redis_url taken apart:
//
//	redis://[USER:PASSWORD@]HOST:PORT[/DATABASE]
//	redis+sentinel://[USER:PASSWORD@]HOST:PORT,HOST:PORT/MASTER[/DATABASE][?sentinel_username=…&sentinel_password=…]
//	redis+cluster://[USER:PASSWORD@]HOST:PORT,HOST:PORT
type RedisURL struct {
	Mode     RedisMode
	TLS      bool
	Username string
	Password string
	Addrs    []string // host:port; one for RedisSingle
	Master   string   // what sentinels call it
	Database int

	SentinelUsername string
	SentinelPassword string
}

var errRedisURL = errors.New("want redis://HOST:PORT, redis+sentinel://HOST:PORT,…/MASTER or redis+cluster://HOST:PORT,…, or rediss… with TLS")

// ParseRedisURL takes a URL apart. Its errors tell what is wanted and nothing of
// the URL, which may hold a password.
func ParseRedisURL(s string) (RedisURL, error) {
	// net/url knows no lists of hosts, so it gets the URL without.
	scheme, rest, _ := strings.Cut(s, "://")
	hosts, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		hosts, tail = rest[:i], rest[i:]
	}
	user := ""
	if i := strings.LastIndex(hosts, "@"); i >= 0 {
		user, hosts = hosts[:i+1], hosts[i+1:]
	}
	u, err := url.Parse("redis://" + user + "host" + tail)
	if err != nil || u.Fragment != "" {
		return RedisURL{}, errRedisURL
	}
	r := RedisURL{Username: u.User.Username()}
	r.Password, _ = u.User.Password()
	plain, tls := strings.CutPrefix(scheme, "rediss")
	if tls {
		scheme = "redis" + plain
	}
	r.TLS, r.Mode = tls, RedisMode(scheme)
	if r.Addrs = addresses(hosts); r.Addrs == nil {
		return RedisURL{}, errRedisURL
	}
	if !r.path(strings.Split(strings.Trim(u.Path, "/"), "/")) || !r.query(u) {
		return RedisURL{}, errRedisURL
	}
	return r, nil
}

// addresses splits a list of host:port, of which the port may be missing. It
// returns nil if one is wrong.
func addresses(hosts string) (addrs []string) {
	for addr := range strings.SplitSeq(hosts, ",") {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			host, port, err = net.SplitHostPort(addr + ":6379")
		}
		number, bad := strconv.ParseUint(port, 10, 16)
		if err != nil || bad != nil || number == 0 || host == "" {
			return nil
		}
		addrs = append(addrs, net.JoinHostPort(host, port))
	}
	return addrs
}

// path reads what follows the hosts, and tells whether it fits the mode.
func (r *RedisURL) path(parts []string) bool {
	switch r.Mode {
	case RedisSingle:
		return len(r.Addrs) == 1 && len(parts) == 1 && r.database(parts[0])
	case RedisSentinel:
		r.Master = parts[0]
		return r.Master != "" && (len(parts) == 1 || (len(parts) == 2 && r.database(parts[1])))
	case RedisCluster:
		return len(parts) == 1 && parts[0] == ""
	default:
		return false
	}
}

func (r *RedisURL) database(s string) bool {
	if s == "" {
		return true
	}
	n, err := strconv.ParseUint(s, 10, 16)
	r.Database = int(n)
	return err == nil
}

func (r *RedisURL) query(u *url.URL) bool {
	q := u.Query()
	r.SentinelUsername, r.SentinelPassword = q.Get("sentinel_username"), q.Get("sentinel_password")
	q.Del("sentinel_username")
	q.Del("sentinel_password")
	return len(q) == 0 && (r.Mode == RedisSentinel || u.RawQuery == "")
}
