package redis

import (
	"fmt"
	"strconv"
	"strings"

	"parley/presence"
)

// packNames makes one value of a user's names: the length of the first, a colon,
// the first, the second.
func packNames(u presence.User) string {
	return strconv.Itoa(len(u.Username)) + ":" + u.Username + u.DisplayName
}

// entry reads what a script tells of an entry.
func entry(room, user, names, boot string) (presence.Entry, error) {
	e := presence.Entry{Node: boot}
	length, rest, ok := strings.Cut(names, ":")
	n, err := strconv.Atoi(length)
	if !ok || err != nil || n < 0 || n > len(rest) {
		return e, fmt.Errorf("presence/redis: names of user %q in room %q: %q", user, room, names)
	}
	if e.Room, err = strconv.ParseInt(room, 10, 64); err != nil {
		return e, fmt.Errorf("presence/redis: room: %w", err)
	}
	if e.User.ID, err = strconv.ParseInt(user, 10, 64); err != nil {
		return e, fmt.Errorf("presence/redis: user in room %d: %w", e.Room, err)
	}
	e.User.Username, e.User.DisplayName = rest[:n], rest[n:]
	return e, nil
}
