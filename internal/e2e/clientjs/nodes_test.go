package clientjs

import (
	"testing"

	"parley/internal/servers"
)

// TestChatOverTwoNodesOfWhichOneIsKilled has two users write and edit on two nodes
// of one service. Ann's is killed, and she goes on at bob's.
func TestChatOverTwoNodesOfWhichOneIsKilled(t *testing.T) {
	redis, dsn := servers.Redis(t), servers.Postgres(t).Database(t)
	a, b := startProcess(t, dsn, redis.URL()), startProcess(t, dsn, redis.URL())
	in := newTown(t, b.addr)
	anns, bobs := prefer(t, a, b), prefer(t, b, a)
	run(t, "chat.mjs", map[string]func(){"restart": a.kill}, anns, in.room, in.ann, in.bob, "400", bobs)
}
