package room_test

import (
	"testing"

	"go.uber.org/goleak"

	"parley/room/roomtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestApart(t *testing.T) { roomtest.Again(t, "") }
