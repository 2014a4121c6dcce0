package configs

// Log configures what a node tells on standard error.
type Log struct {
	Level  string `mapstructure:"level" about:"Least level that is logged: debug, info, warn or error."`
	Format string `mapstructure:"format" about:"Form of a log line: text or json."`
}

func defaultLog() Log {
	return Log{Level: "info", Format: "text"}
}

func (l Log) validate(bad report) {
	wantOneOf(bad, "log.level", l.Level, "debug", "info", "warn", "error")
	wantOneOf(bad, "log.format", l.Format, "text", "json")
}
