package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/client"
	"parley/loadtest/measure"
	"parley/protocol"
)

// StageSignIn is the stage of users who sign up or show their tokens, StageRoom
// that of rooms that are made.
const (
	StageSignIn = "signin"
	StageRoom   = "room"
)

// together is how many users are made at a time: each costs the server the hash of
// a password, and it is the load that is to be measured, not the way to it.
const together = 4

// Users returns the first n users, each with one of the nodes, and makes those that
// are missing. Where a file names the users there may be fewer; they are in it in
// order. The next call begins with the same ones.
func (t *Target) Users(ctx context.Context, n int, r *measure.Recorder) ([]*client.User, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tokens != nil {
		n = min(n, len(t.tokens))
	}
	made := len(t.users)
	if n <= made {
		return t.users[:n:n], nil
	}
	missing := make([]*client.User, n-made)
	stage := r.Stage(StageSignIn)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(together)
	for i := range missing {
		group.Go(func() error {
			began := time.Now()
			u, err := t.user(ctx, made+i)
			if err != nil {
				if ctx.Err() == nil {
					stage.Fail(Cause(err), err)
				}
				return fmt.Errorf("target: user %d: %w", made+i, err)
			}
			stage.Done(began, time.Now())
			missing[i] = u
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	t.users = append(t.users, missing...)
	return t.users[:n:n], nil
}

func (t *Target) user(ctx context.Context, i int) (*client.User, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	s := t.nodes[i%len(t.nodes)] // in turn, whoever comes first
	if t.tokens == nil {
		return patiently(ctx, func() (*client.User, error) {
			return s.Register(ctx, fmt.Sprintf("%s_%d", t.prefix, i), t.password)
		})
	}
	u := &client.User{Server: s, Token: t.tokens[i]}
	return u, u.Call(ctx, http.MethodGet, "/api/auth/me/", nil, &u.Account)
}

// patiently asks again as long as the server asks to be asked later: it lets few
// passwords be hashed at a time.
func patiently(ctx context.Context, ask func() (*client.User, error)) (*client.User, error) {
	for {
		u, err := ask()
		var p *client.Problem
		if !errors.As(err, &p) || p.Code != protocol.CodeUnavailable {
			return u, err
		}
		pause, parseErr := time.ParseDuration(p.Header.Get("Retry-After") + "s")
		if parseErr != nil {
			return nil, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// Room makes a room of which all of these users are participants; the first owns
// it.
func (t *Target) Room(ctx context.Context, users []*client.User, r *measure.Recorder) (protocol.Room, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	stage, began := r.Stage(StageRoom), time.Now()
	room, err := users[0].CreateRoom(ctx, t.prefix)
	for _, u := range users[1:] {
		if err == nil {
			err = u.JoinRoom(ctx, room.ID)
		}
	}
	if err != nil {
		stage.Fail(Cause(err), err)
		return room, fmt.Errorf("target: room: %w", err)
	}
	stage.Done(began, time.Now())
	return room, nil
}

// ReadTokens reads a file with a token in each line; empty lines and those that
// begin with # do not count.
func ReadTokens(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("target: tokens: %w", err)
	}
	var tokens []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			tokens = append(tokens, line)
		}
	}
	if len(tokens) == 0 {
		return nil, fmt.Errorf("target: tokens: %s has none", path)
	}
	return tokens, nil
}
