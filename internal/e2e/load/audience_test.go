package load

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/audience"
	"parley/loadtest/measure"
	"parley/loadtest/pause"
)

// convene makes an audience of sockets in rooms of four, outside of them.
func convene(t *testing.T, url string, sockets int) (*audience.Audience, *measure.Recorder) {
	t.Helper()
	o := audience.Defaults()
	o.Sockets, o.Users, o.RoomSize = sockets, 3, 4
	r := measure.New(time.Now())
	a, err := audience.New(within(t), aim(t, url), r, o)
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return a, r
}

func TestAnAudienceComesStaysAndReturns(t *testing.T) {
	t.Parallel()
	a, r := convene(t, startNode(t), 10)
	require.EqualValues(t, 3, r.Snapshot().Stages["room"].Done(), "of four, four and two")
	require.Zero(t, a.Here())
	require.Zero(t, a.Drop(0), "nobody is there to be lost")

	require.True(t, a.Enter(within(t)))
	require.Equal(t, 10, a.Here())
	require.EqualValues(t, 10, r.Snapshot().Gauges["sockets"])
	a.Check(within(t), patience)
	require.EqualValues(t, 10, r.Snapshot().Stages["alive"].Done())

	require.Equal(t, 10, a.Drop(time.Hour))
	require.Zero(t, a.Here(), "they are gone before they come back")
	a.Check(within(t), patience)
	require.EqualValues(t, 10, r.Snapshot().Stages["alive"].Done(), "who is not there is not asked")
	require.Zero(t, r.Snapshot().Stages["alive"].Failed)
	a.Close()
	require.Zero(t, r.Snapshot().Gauges["sockets"])

	a, r = convene(t, startNode(t), 10)
	require.True(t, a.Enter(within(t)))
	require.Equal(t, 10, a.Drop(0))
	require.NoError(t, pause.Poll(within(t), func() bool { return a.Here() == 10 }))
	require.EqualValues(t, 10, r.Snapshot().Counters["resumes"])
	require.EqualValues(t, 10, r.Snapshot().Stages["return"].Done())
}

func TestAnAudienceKnowsWhomItHasNotHeard(t *testing.T) {
	t.Parallel()
	a, r := convene(t, startNode(t, beating), 5)
	require.True(t, a.Enter(within(t)))
	a.Unheard(time.Now())
	require.Zero(t, r.Snapshot().Counters["heartbeats_missed"])
	a.Unheard(time.Now().Add(time.Minute))
	require.EqualValues(t, 5, r.Snapshot().Counters["heartbeats_missed"])
}

func TestAnAudienceThatIsStopped(t *testing.T) {
	t.Parallel()
	a, r := convene(t, startNode(t), 5)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	require.False(t, a.Enter(ctx))
	a.Close()
	require.Zero(t, r.Snapshot().Gauges["sockets"])
	require.Zero(t, r.Snapshot().Stages["connect"].Failed)
}
