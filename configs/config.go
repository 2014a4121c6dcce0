package configs

import "strings"

// Config is the whole configuration of a node. The zero value is not usable:
// start from Default or Load.
type Config struct {
	HTTP     HTTP     `mapstructure:"http"`
	Admin    Admin    `mapstructure:"admin"`
	Store    Store    `mapstructure:"store"`
	Cluster  Cluster  `mapstructure:"cluster"`
	Node     Node     `mapstructure:"node"`
	Edge     Edge     `mapstructure:"edge"`
	Drain    Drain    `mapstructure:"drain"`
	Limits   Limits   `mapstructure:"limits"`
	Auth     Auth     `mapstructure:"auth"`
	Calls    Calls    `mapstructure:"calls"`
	TURN     TURN     `mapstructure:"turn"`
	Log      Log      `mapstructure:"log"`
	Shutdown Shutdown `mapstructure:"shutdown"`
}

// Default returns the configuration of a node that was told nothing: it needs
// no service and no file.
func Default() Config {
	return Config{
		HTTP:     defaultHTTP(),
		Admin:    defaultAdmin(),
		Store:    defaultStore(),
		Cluster:  defaultCluster(),
		Edge:     defaultEdge(),
		Drain:    defaultDrain(),
		Limits:   defaultLimits(),
		Auth:     defaultAuth(),
		Calls:    defaultCalls(),
		TURN:     defaultTURN(),
		Log:      defaultLog(),
		Shutdown: defaultShutdown(),
	}
}

// Validate returns nil or a Problems that names every key whose value is out of
// bounds or contradicts another's.
func (c Config) Validate() error {
	var found Problems
	for _, section := range []func(report){
		c.HTTP.validate, c.Admin.validate, c.Store.validate, c.Cluster.validate,
		c.Node.validate, c.Edge.validate, c.Drain.validate, c.Limits.validate, c.Auth.validate,
		c.Calls.validate, c.TURN.validate, c.Log.validate, c.Shutdown.validate,
	} {
		section(found.add)
	}
	if c.Cluster.RedisURL != "" && strings.HasPrefix(c.Store.DSN, "sqlite:") {
		found.add("store.dsn", "want postgres://USER:PASSWORD@HOST/DATABASE where cluster.redis_url joins nodes: they share the data")
	}
	return found.orNil()
}
