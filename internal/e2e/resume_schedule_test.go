package e2e

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/configs"
	"parley/internal/faults"
	"parley/loadtest/client"
	"parley/protocol"
)

// shortWindow is how long a session may be away in random schedules.
const shortWindow = 400 * time.Millisecond

// seedOf is the seed in PARLEY_SEED, or a random one, and is printed.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("PARLEY_SEED"); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
		seed = given
	}
	t.Logf("PARLEY_SEED=%d", seed)
	return seed
}

// Random users say and signal random things over sockets that are lost at random
// places: what each of them saw is as the model says.
func TestResumeInRandomSchedules(t *testing.T) {
	t.Parallel()
	const schedules, teams = 1000, 16
	seed := seedOf(t)
	n := startNode(t, resumable(shortWindow), func(c *configs.Config) { c.Limits.Enabled = false })
	work, all := errgroup.WithContext(t.Context())
	for i := range teams {
		users := signUp(t, n.Server, fmt.Sprintf("ann%d", i), fmt.Sprintf("bob%d", i), fmt.Sprintf("cid%d", i), fmt.Sprintf("eve%d", i))
		work.Go(func() error {
			for k := i; k < schedules; k += teams {
				ctx, cancel := context.WithTimeout(all, patience)
				err := runSchedule(ctx, users, rand.New(rand.NewPCG(seed, uint64(k))))
				cancel()
				if err != nil {
					return fmt.Errorf("schedule %d: %w", k, err)
				}
			}
			return nil
		})
	}
	require.NoError(t, work.Wait(), "PARLEY_SEED=%d repeats it", seed)
}

// schedule is one room, whose last user is never lost and only looks on.
type schedule struct {
	random *rand.Rand
	model  *model
	users  []*traveller // some of whom are twice here, with a session for each channel
	lines  []*line      // of all of them
	eve    *tracked
	room   int64
}

// runSchedule opens the sessions, takes random steps, has all of them come back or
// end, and asks the model.
func runSchedule(ctx context.Context, users []*client.User, random *rand.Rand) error {
	s := &schedule{random: random, model: &model{}}
	defer s.close()
	if err := s.open(ctx, users); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	for range 6 + random.IntN(9) {
		if err := s.step(ctx); err != nil {
			return fmt.Errorf("steps:\n%s%w", s.model.steps(), err)
		}
	}
	if err := s.settle(ctx); err != nil {
		return fmt.Errorf("steps:\n%s%w", s.model.steps(), err)
	}
	return nil
}

func (s *schedule) open(ctx context.Context, users []*client.User) error {
	room, err := users[0].CreateRoom(ctx, "a room")
	if err != nil {
		return err
	}
	s.room = room.ID
	for _, u := range users[1:] {
		if err := u.JoinRoom(ctx, room.ID); err != nil {
			return err
		}
	}
	last := len(users) - 1
	if s.eve, err = track(ctx, users[last], fmt.Sprintf("/ws/room/%d/", room.ID)); err != nil {
		return err
	}
	for _, u := range users[:last] {
		sessions := [][]protocol.Channel{{protocol.ChannelChat}, {protocol.ChannelCall}}
		if s.random.IntN(2) == 0 { // one for everything
			sessions = [][]protocol.Channel{{protocol.ChannelChat, protocol.ChannelCall}}
		}
		for _, kinds := range sessions {
			v, err := openTraveller(ctx, u, room.ID, kinds...)
			if err != nil {
				return err
			}
			s.users = append(s.users, v)
			s.lines = append(s.lines, v.lines...)
		}
	}
	for _, l := range s.calls() {
		if _, err := l.Request(ctx, protocol.TypeJoinCall, l.data(nil)); err != nil {
			return err
		}
	}
	return nil
}

func (s *schedule) calls() (list []*line) {
	for _, l := range s.lines {
		if l.kind == protocol.ChannelCall {
			list = append(list, l)
		}
	}
	return list
}

// step does one random thing to one line.
func (s *schedule) step(ctx context.Context) error {
	l := s.lines[s.random.IntN(len(s.lines))]
	switch s.random.IntN(10) {
	default:
		s.model.note("%s sends", l)
		l.send(ctx)
	case 5, 6:
		how := losses()[s.random.IntN(len(losses()))]
		s.model.note("%s: %s", l, how.name)
		l.lose(how)
	case 7:
		how, d := losses()[s.random.IntN(len(losses()))], faults.Direction(s.random.IntN(2))
		k, place := 1+s.random.IntN(2), faults.Before+faults.Place(s.random.IntN(3))
		s.model.note("%s: %s when message %d of direction %d is at %d", l, how.name, k, d, place)
		l.loseAt(how, d, k, place)
	case 8:
		s.model.note("%s returns", l)
		return l.comeBack(ctx)
	case 9:
		if l.kind == protocol.ChannelCall && s.random.IntN(2) == 0 {
			s.model.note("%s leaves and joins", l)
			l.rejoin(ctx)
			return nil
		}
		s.model.note("%s is to expire", l)
		for _, of := range l.lines {
			of.sighted = present(frames(s.eve.Streams()), of)
		}
		l.lose(losses()[s.random.IntN(2)]) // one that the server sees
		l.expires, l.returned = true, false
	}
	return nil
}

// settle brings all back that are to come, waits until all that was sent is
// answered, and checks what everybody saw.
func (s *schedule) settle(ctx context.Context) error {
	for _, v := range s.users {
		v.clear()
		if v.expires && !v.returned {
			continue
		}
		if err := v.comeBack(ctx); err != nil {
			return err
		}
	}
	for _, v := range s.users {
		if v.expires && !v.returned {
			if err := s.expire(ctx, v); err != nil {
				return err
			}
		}
	}
	for _, l := range s.lines {
		if err := l.drain(ctx); err != nil {
			return fmt.Errorf("%s: %w", l, err)
		}
	}
	if err := s.model.check(ctx, s); err != nil {
		return err
	}
	return s.depart(ctx)
}

// expire waits until eve sees that a session that stays away is gone, and has it
// come back: afresh, since it is.
func (s *schedule) expire(ctx context.Context, v *traveller) error {
	var over bool
	for _, l := range v.lines {
		if !l.sighted { // news of who comes may be late: what eve has not heard of she cannot hear the end of
			continue
		}
		if err := s.requireGone(ctx, l); err != nil {
			return err
		}
		over = over || expired(frames(s.eve.Streams()), l)
	}
	w, err := v.Return(ctx)
	if err == nil && w.Resumed && over {
		err = errors.New("resumed, though it was gone")
	}
	if err == nil {
		err = v.returnedAs(ctx, w)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", v, err)
	}
	return nil
}

// requireGone waits until eve does not see a line any more.
func (s *schedule) requireGone(ctx context.Context, l *line) error {
	gone := func(all []client.Stream) bool { return !present(frames(all), l) }
	if err := s.eve.Record.Await(ctx, gone); err != nil {
		return fmt.Errorf("%s stays a ghost: %w; eve was told:\n%s", l, err, told(frames(s.eve.Streams())))
	}
	return nil
}

// depart ends all lines and waits until eve sees nobody any more.
func (s *schedule) depart(ctx context.Context) error {
	for _, v := range s.users {
		_ = v.Close()
	}
	for _, l := range s.lines {
		if err := s.requireGone(ctx, l); err != nil {
			return fmt.Errorf("after leaving: %w", err)
		}
	}
	return nil
}

func (s *schedule) close() {
	for _, v := range s.users {
		v.far.proxy.Close()
		for _, l := range v.lines {
			l.cancel()
		}
		v.end()
		for _, l := range v.lines {
			l.sending.Wait()
		}
	}
	if s.eve != nil {
		s.eve.end()
	}
}
