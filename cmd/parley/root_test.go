package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func TestUsageErrorsExitWith2(t *testing.T) {
	for _, line := range []string{
		"nonsense", "serve extra", "serve --nope", "config", "config nonsense", "config check extra",
		"version --http-addr :1", "serve --set nokey", "serve --http-addr", "migrate extra", "health extra",
		"health --set admin.addr=", "serve --config /nowhere/parley.yaml",
	} {
		got := command(t, process{}, strings.Fields(line)...)
		require.Equal(t, exitUsage, got.code, "%s: %s%s", line, got.stdout, got.stderr)
		require.NotEmpty(t, got.stderr, line)
	}
}

func TestHelpNamesEveryCommand(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}} {
		got := command(t, process{}, args...)
		require.Equal(t, exitOK, got.code)
		for _, name := range []string{"serve", "migrate", "health", "config", "version", "--config", "--set"} {
			require.Contains(t, got.stdout, name)
		}
	}
	got := command(t, process{}, "serve", "--help")
	for _, flag := range []string{"--http-addr", "--admin-addr", "--store-dsn", "--log-level", "--log-format"} {
		require.Contains(t, got.stdout, flag)
	}
	require.Contains(t, got.stdout, "PARLEY_HTTP_ADDR")
}

func TestMigrateTellsWhatItApplied(t *testing.T) {
	var dsn string
	applied := []string{"0001_users", "0002_rooms"}
	p := process{migrate: func(_ context.Context, cfg configs.Config) ([]string, error) {
		dsn = cfg.Store.DSN
		return applied, nil
	}}
	require.Equal(t, result{exitOK, "applied 0001_users\napplied 0002_rooms\n", ""}, command(t, p, "migrate", "--store-dsn", "sqlite:x.db"))
	require.Equal(t, "sqlite:x.db", dsn)

	applied = nil
	require.Equal(t, result{exitOK, "already up to date\n", ""}, command(t, p, "migrate"))

	p.migrate = func(context.Context, configs.Config) ([]string, error) {
		return []string{"0001_users"}, errors.New("disk full")
	}
	require.Equal(t, result{exitFailed, "applied 0001_users\n", "parley: disk full\n"}, command(t, p, "migrate"))
}
