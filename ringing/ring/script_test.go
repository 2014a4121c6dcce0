package ring_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/ringing/ring"
)

// script drives a set, a line a step: "command arguments => what comes". Users are
// letters, times are seconds, invites are numbered i1, i2… as they are asked for.
type script struct {
	set   *ring.Set[string]
	asked int
}

func (s *script) run(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		step, want, _ := strings.Cut(strings.TrimSpace(line), "=>")
		if step = strings.TrimSpace(step); step == "" {
			continue
		}
		args := strings.Fields(step)
		do, known := s.commands()[args[0]]
		require.True(t, known, "unknown command in %q", line)
		require.Equal(t, strings.TrimSpace(want), strings.TrimSpace(do(args[1:])), "%s", step)
	}
}

func (s *script) commands() map[string]func(args []string) string {
	return map[string]func([]string) string{
		"invite": func(a []string) string { return s.invite(a) }, // caller room users until [client]
		"answer": func(a []string) string { // id room user
			inv, err := s.set.Answer(a[0], number(a[1]), letter(a[2]))
			if err != nil {
				return err.Error()
			}
			return inv.ID + " by " + inv.By
		},
		"cancel": func(a []string) string { // id room caller
			e, err := s.set.Cancel(a[0], number(a[1]), letter(a[2]))
			if err != nil {
				return err.Error()
			}
			return show(e)
		},
		"gone": func(a []string) string { return show(s.set.Gone(letter(a[0]), a[1])...) },
		"leave": func(a []string) string { // room user
			called, calling := s.set.Leave(number(a[0]), letter(a[1]))
			return "called " + show(called...) + ", calling " + show(calling...)
		},
		"delete": func(a []string) string { return show(s.set.DeleteRoom(number(a[0]))...) },
		"clear":  func([]string) string { return show(s.set.Clear()...) },
		"expire": func(a []string) string { return show(s.set.Expire(second(a[0]))...) },
		"next":   func([]string) string { return shownAt(s.set.Next()) },
		"of": func(a []string) string {
			var list []string
			for _, r := range s.set.Of(letter(a[0])) {
				list = append(list, r.Invite.ID+"@"+shownAt(r.Until))
			}
			return strings.Join(list, " ")
		},
		"calling": func(a []string) string { return fmt.Sprint(s.set.Calling(letter(a[0]))) },
	}
}

func (s *script) invite(a []string) string {
	s.asked++
	call := ring.Call[string]{
		ID: fmt.Sprint("i", s.asked), Caller: protocol.User{ID: letter(a[0])}, RoomID: number(a[1]),
		By: "x", Until: second(a[3]),
	}
	if len(a) > 4 {
		call.By = a[4]
	}
	for _, user := range strings.Split(a[2], "") {
		call.Users = append(call.Users, letter(user))
	}
	inv, err := s.set.Invite(call)
	if err != nil {
		return err.Error()
	}
	return inv.ID
}

func letter(s string) int64 { return int64(s[0]-'a') + 1 }

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func second(s string) time.Time { return time.Unix(number(s), 0) }

func shownAt(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return strconv.FormatInt(t.Unix(), 10)
}

// show writes what ended, in the order of the invites' ids.
func show(ended ...ring.Ended[string]) string {
	byID := make(map[string]string)
	for _, e := range ended {
		users := make([]byte, len(e.Users))
		for i, user := range e.Users {
			users[i] = byte(user-1) + 'a'
		}
		slices.Sort(users)
		byID[e.Invite.ID] += e.Invite.ID + ":" + string(users)
	}
	return strings.Join(slices.Sorted(maps.Values(byID)), " ")
}

func TestScripts(t *testing.T) {
	for name, text := range map[string]string{
		"accepted": `
			invite a 1 b 30   => i1
			of b              => i1@30
			calling a         => true
			answer i1 1 b     => i1 by x
			of b              =>
			calling a         => false
			next              => never
			answer i1 1 b     => ring: no such invite rings for that user`,
		"each answers for themselves": `
			invite a 1 bcd 30 => i1
			answer i1 0 c     => i1 by x
			answer i1 1 c     => ring: no such invite rings for that user
			cancel i1 1 a     => i1:bd`,
		"who may not": `
			invite a 1 b 30   => i1
			answer i1 2 b     => ring: no such invite rings for that user
			answer i1 1 a     => ring: no such invite rings for that user
			answer i2 1 b     => ring: no such invite rings for that user
			cancel i1 1 b     => ring: no such invite rings for that user
			cancel i1 2 a     => ring: no such invite rings for that user
			cancel i1 0 a     => i1:b`,
		"expired": `
			invite a 1 bc 30  => i1
			invite d 1 b 20   => i2
			next              => 20
			expire 19         =>
			expire 20         => i2:b
			of b              => i1@30
			expire 99         => i1:bc
			next              => never
			cancel i1 1 a     => ring: no such invite rings for that user`,
		"again goes on": `
			invite a 1 bc 30  => i1
			invite a 1 b 50   => i1
			expire 30         => i1:c
			of b              => i1@50
			invite a 1 c 40   => i1
			next              => 40
			expire 60         => i1:bc
			invite a 1 b 70   => i4`,
		"again may be for shorter": `
			invite a 1 b 30   => i1
			invite c 1 b 20   => i2
			invite a 1 b 10   => i1
			next              => 10
			expire 15         => i1:b
			of b              => i2@20`,
		"again from another device": `
			invite a 1 b 30 x => i1
			invite a 1 b 30 y => i1
			gone a x          =>
			gone a y          => i1:b`,
		"rooms apart": `
			invite a 1 b 30   => i1
			invite a 2 b 30 y => i2
			of b              => i1@30 i2@30
			gone a x          => i1:b
			of b              => i2@30`,
		"gone with all": `
			invite a 1 b 30   => i1
			invite a 2 c 30   => i2
			invite b 1 c 30   => i3
			gone a x          => i1:b i2:c
			gone c x          =>
			of c              => i3@30`,
		"left the room": `
			invite a 1 bc 30  => i1
			invite b 1 a 30   => i2
			invite a 2 b 30   => i3
			leave 1 b         => called i1:b, calling i2:a
			of b              => i3@30
			leave 1 b         => called , calling
			leave 1 a         => called , calling i1:c`,
		"the room is deleted": `
			invite a 1 bc 30  => i1
			invite b 1 a 30   => i2
			invite a 2 b 30   => i3
			delete 1          => i1:bc i2:a
			clear             => i3:b
			next              => never`,
	} {
		t.Run(name, func(t *testing.T) { (&script{set: ring.New[string]()}).run(t, text) })
	}
}
