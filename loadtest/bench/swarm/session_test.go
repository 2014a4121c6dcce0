//go:build linux

package swarm

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSessionCountsBehindItsWelcome(t *testing.T) {
	var counts Counts
	n := &session{dial: Dial{Path: "/ws/room/1/?ack=1", Token: "t", Session: true, Received: 2}}
	require.NoError(t, n.take([]byte(`{"type":"welcome","data":{"resume_token":"a","resume_window_s":20}}`), &counts))
	require.Equal(t, Counts{Lasting: 1}, counts)
	require.False(t, n.due())
	for _, due := range []bool{false, true, true} {
		require.NoError(t, n.take([]byte(`{}`), &counts))
		require.Equal(t, due, n.due())
	}
	require.JSONEq(t, `{"type":"received","data":{"n":3}}`, unmask(t, n.tell()))
	require.False(t, n.due())

	back := n.back()
	require.Contains(t, string(request(back, "h")), "GET /ws/room/1/?ack=1&resume=a&received=3 HTTP/1.1\r\n")
	again := &session{dial: back}
	require.NoError(t, again.take([]byte(`{"type":"welcome","data":{"resume_token":"b","resume_window_s":20,"resumed":true}}`), &counts))
	require.Equal(t, Counts{Lasting: 2, Resumed: 1}, counts)
	require.Contains(t, string(request(again.back(), "h")), "GET /ws/room/1/?ack=1&resume=b&received=0 HTTP/1.1\r\n")
	require.Contains(t, string(request((&session{dial: Dial{Path: "/ws/"}}).back(), "h")), "GET /ws/?resume=&received=0 ")
}

func TestSessionsThatEndWithTheirSocketDoNotLast(t *testing.T) {
	var counts Counts
	n := &session{}
	require.NoError(t, n.take([]byte(`{"type":"welcome","data":{"resume_token":"a","resume_window_s":0}}`), &counts))
	require.Zero(t, counts)
	require.ErrorContains(t, (&session{}).take([]byte(`no`), &counts), "welcome")
	require.False(t, (&session{received: 100}).due(), "it is not to tell")
}
