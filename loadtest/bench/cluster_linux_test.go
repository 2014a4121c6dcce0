package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSumCalls(t *testing.T) {
	require.Equal(t, 24.0, sumCalls("# Commandstats\r\ncmdstat_get:calls=21,usec=175,usec_per_call=8.33\r\ncmdstat_client|setinfo:calls=3,usec=2\r\n"))
	require.Zero(t, sumCalls(""))
}
