package main

import (
	"io"
	"log/slog"

	"parley/configs"
)

// newLogger returns the logger that a valid configuration asks for.
func newLogger(w io.Writer, cfg configs.Log) *slog.Logger {
	level := map[string]slog.Level{
		"debug": slog.LevelDebug,
		"info":  slog.LevelInfo,
		"warn":  slog.LevelWarn,
		"error": slog.LevelError,
	}[cfg.Level]
	options := &slog.HandlerOptions{Level: level}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
