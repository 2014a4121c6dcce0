package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestParseTarget(t *testing.T) {
	for data, want := range map[string]protocol.Target{
		`{}`:                       {},
		`{"sdp":"x"}`:              {},
		`{"target_user_id":42}`:    {UserID: 42},
		`{"target_peer_id":"p-2"}`: {PeerID: []byte("p-2")},
		`{"target_user_id":42,"target_peer_id":"p-2"}`:                      {UserID: 42, PeerID: []byte("p-2")},
		`{"target_user_id":null,"target_peer_id":null}`:                     {},
		`{"target_peer_id":""}`:                                             {PeerID: []byte{}},
		`{"target_user_id":1,"target_user_id":2}`:                           {UserID: 2},
		`{"target_user_id":1,"target_user_id":null}`:                        {},
		`{"target_user_id":"x","target_user_id":2}`:                         {UserID: 2},
		`{"target_peer_id":"a","target_peer_id":"b"}`:                       {PeerID: []byte("b")},
		`{"target_peer_id":"a","target_peer_id":null}`:                      {},
		`{"target_peer_id":5,"target_peer_id":"b"}`:                         {PeerID: []byte("b")},
		`{"t\u0061rget_user_id":42,"target\u005fpeer_id":"\u0070-2"}`:       {UserID: 42, PeerID: []byte("p-2")},
		`{"Target_user_id":42,"TARGET_PEER_ID":"x"}`:                        {},
		`{"inner":{"target_user_id":42},"s":"\"target_user_id\":42"}`:       {},
		` { "target_user_id" : 9007199254740991 , "x" : [ 1e400 , { } ] } `: {UserID: 1<<53 - 1},
	} {
		got, err := signal(t, data).Target()
		require.NoError(t, err, data)
		require.Equal(t, want, got, data)
		require.Equal(t, want.UserID == 0 && len(want.PeerID) == 0, got.Everyone(), data)
	}
}

func TestParseTargetRefuses(t *testing.T) {
	for data, field := range map[string]string{
		`{"target_user_id":0}`:                      "target_user_id",
		`{"target_user_id":-1}`:                     "target_user_id",
		`{"target_user_id":1.5}`:                    "target_user_id",
		`{"target_user_id":"42"}`:                   "target_user_id",
		`{"target_user_id":9007199254740992}`:       "target_user_id",
		`{"target_user_id":[42]}`:                   "target_user_id",
		`{"target_user_id":2,"target_user_id":"x"}`: "target_user_id",
		`{"target_peer_id":5}`:                      "target_peer_id",
		`{"target_peer_id":{}}`:                     "target_peer_id",
		`{"target_peer_id":false}`:                  "target_peer_id",
	} {
		_, err := signal(t, data).Target()
		require.Equal(t, field, requireCode(t, protocol.CodeValidation, err)[0].Field, data)
	}
}
