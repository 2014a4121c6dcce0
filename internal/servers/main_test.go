package servers_test

import (
	"testing"

	"go.uber.org/goleak"

	"parley/internal/servers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(servers.Main(m, func(servers.TB) {})) }
