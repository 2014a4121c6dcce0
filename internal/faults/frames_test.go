package faults_test

import (
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/internal/faults"
)

// Lengths on both sides of where the header's form changes (RFC 6455, section 5.2).
func lengths() []int { return []int{1, 2, 125, 126, 127, 65535, 65536} }

func TestCutBetweenMessages(t *testing.T) {
	for _, n := range lengths() {
		k := converse(t)
		say(t, k.server, "first")
		_, b, err := k.client.Read(within(t))
		require.NoError(t, err)
		require.Equal(t, "first", string(b))
		require.Equal(t, 1, k.Messages(faults.Down))

		k.At(faults.Down, 2, faults.After, k.Cut)
		text := strings.Repeat("x", n)
		say(t, k.server, text, text)
		_ = k.server.Write(within(t), websocket.MessageText, []byte("too much")) // it may see the reset
		k.client.SetReadLimit(-1)
		got, err := hear(t, k.client)
		require.Len(t, got, 2)
		require.True(t, got[0] == text && got[1] == text, "%d bytes each", n)
		require.True(t, isLost(err), "%v", err)
	}
}

func TestCutBeforeAMessage(t *testing.T) {
	k := converse(t)
	k.At(faults.Up, 3, faults.Before, k.Cut)
	say(t, k.client, "one", "two")
	_ = k.client.Write(within(t), websocket.MessageText, []byte("three"))
	got, err := hear(t, k.server)
	require.Equal(t, []string{"one", "two"}, got)
	require.True(t, isLost(err), "%v", err)
	require.Equal(t, 3, k.Messages(faults.Up))
}

func TestCutInTheMiddleOfAMessage(t *testing.T) {
	for _, d := range []faults.Direction{faults.Up, faults.Down} {
		for _, n := range lengths() {
			k := converse(t)
			from, to := k.client, k.server
			if d == faults.Down {
				from, to = to, from
			}
			to.SetReadLimit(-1)
			k.At(d, 2, faults.Middle, k.Cut)
			say(t, from, "whole")
			_ = from.Write(within(t), websocket.MessageText, []byte(strings.Repeat("x", n)))
			got, err := hear(t, to)
			require.Equal(t, []string{"whole"}, got)
			require.True(t, isLost(err), "%v", err)
		}
	}
}

// Half of the payload has passed, not less and not more.
func TestTheMiddleIsHalfTheWay(t *testing.T) {
	for _, n := range lengths() {
		k := converse(t)
		k.client.SetReadLimit(-1)
		passed := make(chan struct{})
		k.At(faults.Down, 1, faults.Middle, func() {
			k.AfterBytes(faults.Down, int64(n-n/2), func() { close(passed) })
			k.At(faults.Down, 1, faults.Before, func() {
				select {
				case <-passed:
				default:
					t.Error("the message was longer")
				}
			})
		})
		say(t, k.server, strings.Repeat("x", n), "next")
		for range 2 {
			_, _, err := k.client.Read(within(t))
			require.NoError(t, err)
		}
		<-passed
	}
}

func TestControlFramesAreNoMessages(t *testing.T) {
	k := converse(t)
	read := k.client.CloseRead(t.Context()) // answers pings
	reading := k.server.CloseRead(t.Context())
	require.NoError(t, k.server.Ping(within(t)))
	require.Zero(t, k.Messages(faults.Down)+k.Messages(faults.Up))
	require.NoError(t, k.server.Close(4409, "replaced"))
	<-read.Done()
	<-reading.Done()
}

func TestTheServersCloseFrameIsSeen(t *testing.T) {
	k := converse(t)
	k.HalfOpen()
	done := make(chan error, 1)
	go func() { done <- k.server.Close(4409, "replaced") }()
	code, err := k.CloseCode(within(t))
	require.NoError(t, err)
	require.Equal(t, 4409, code)
	k.Cut()
	require.Error(t, <-done, "nobody answers")

	k = converse(t)
	k.client.CloseRead(t.Context())
	require.NoError(t, k.server.Close(websocket.StatusNoStatusRcvd, ""))
	code, err = k.CloseCode(within(t))
	require.NoError(t, err)
	require.Equal(t, 1005, code)
}
