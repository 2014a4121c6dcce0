package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// connectPatience is how long one server may take to accept a connection, where
// the DSN (connect_timeout) does not say.
const connectPatience = 5 * time.Second

// settings are those of every connection, where the DSN does not say otherwise.
//
// A statement is planned once for each connection, maybe on a table that is
// empty yet: the plan must be the one for a large table. Every query has its
// index, so nested loops over indexes are what is wanted, always. JIT would
// compile for milliseconds what runs for microseconds.
func settings(timeout time.Duration) map[string]string {
	ms := strconv.FormatInt(max(timeout.Milliseconds(), 1), 10)
	half := strconv.FormatInt(max(timeout.Milliseconds()/2, 1), 10)
	return map[string]string{
		"application_name": "parley",
		"timezone":         "UTC",

		"plan_cache_mode":   "force_generic_plan",
		"enable_seqscan":    "off",
		"enable_hashjoin":   "off",
		"enable_mergejoin":  "off",
		"enable_bitmapscan": "off",
		"jit":               "off",

		"statement_timeout":                   ms,
		"lock_timeout":                        half,
		"idle_in_transaction_session_timeout": ms,
		// What a node that is gone has open is ended within 30 s.
		"tcp_keepalives_idle":     "15",
		"tcp_keepalives_interval": "5",
		"tcp_keepalives_count":    "3",
	}
}

// poolConfig is for a pool of so many connections.
func poolConfig(c Config, conns int) (*pgxpool.Config, error) {
	pc, err := pgxpool.ParseConfig(c.DSN)
	if err != nil {
		return nil, fmt.Errorf("postgres: DSN: %w", err) // pgx leaves the password out
	}
	pc.MaxConns, pc.MinConns, pc.MinIdleConns = int32(conns), 0, 0
	pc.PingTimeout = min(connectPatience, c.Timeout)
	prepare(pc.ConnConfig)
	for name, value := range settings(c.Timeout) {
		if _, set := pc.ConnConfig.RuntimeParams[name]; !set {
			pc.ConnConfig.RuntimeParams[name] = value
		}
	}
	pc.AfterConnect = beDurable
	return pc, nil
}

// prepare has a connection give up on a server that does not answer, and on one
// that takes no writes: a standby, or what a failover has left behind.
func prepare(c *pgx.ConnConfig) {
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectPatience
	}
	if c.ValidateConnect == nil {
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
}

// beDurable turns synchronous_commit on where a server or a role has it off: what
// is acknowledged must survive a crash. Any of its other values is the operator's
// to choose.
func beDurable(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx,
		`SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`)
	if err != nil {
		return fmt.Errorf("synchronous_commit: %w", err)
	}
	return nil
}
