package auth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
)

// Who the rules are asked about.
const (
	owner  int64 = 1
	author int64 = 2
	other  int64 = 3
)

func TestPolicy(t *testing.T) {
	const yes = protocol.Code("")
	for name, test := range map[string]struct {
		got  error
		want protocol.Code
	}{
		"a participant sees the room":         {auth.MaySeeRoom(true), yes},
		"a stranger sees none":                {auth.MaySeeRoom(false), protocol.CodeNotFound},
		"the owner manages":                   {auth.MayManageRoom(owner, owner, true), yes},
		"a member does not manage":            {auth.MayManageRoom(other, owner, true), protocol.CodePermissionDenied},
		"a stranger has nothing to manage":    {auth.MayManageRoom(other, owner, false), protocol.CodeNotFound},
		"anyone joins an open room":           {auth.MayJoinRoom(false, false), yes},
		"a member joins again":                {auth.MayJoinRoom(true, true), yes},
		"a stranger sees no private room":     {auth.MayJoinRoom(true, false), protocol.CodeNotFound},
		"a member leaves":                     {auth.MayLeaveRoom(other, owner), yes},
		"the owner stays":                     {auth.MayLeaveRoom(owner, owner), protocol.CodeConflict},
		"an author edits":                     {auth.MayEdit(author, author), yes},
		"nobody edits another's words":        {auth.MayEdit(owner, author), protocol.CodePermissionDenied},
		"an author deletes":                   {auth.MayDelete(author, author, owner), yes},
		"the owner deletes":                   {auth.MayDelete(owner, author, owner), yes},
		"others do not delete another's word": {auth.MayDelete(other, author, owner), protocol.CodePermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			if test.want == yes {
				require.NoError(t, test.got)
				return
			}
			requireCode(t, test.want, test.got)
		})
	}
}
