package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"parley/protocol"
)

// Server is a deployment, as its users see it.
type Server struct {
	Base string       // such as http://127.0.0.1:8080, without a slash at its end
	HTTP *http.Client // nil: a plain one
}

// Problem is an error that the server answered (RFC 9457).
type Problem struct {
	Status int                   `json:"status"`
	Title  string                `json:"title"`
	Detail string                `json:"detail"`
	Code   protocol.Code         `json:"code"`
	Errors []protocol.FieldError `json:"errors"`
	Header http.Header           `json:"-"`
}

// Error implements error.
func (p *Problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

// Do sends a request with the token, if there is one, and in as JSON, unless it
// is nil; a json.RawMessage goes out as it is. It reads the answer into out,
// unless that is nil, and returns the status. An answer of 400 and above is a
// *Problem.
func (s Server) Do(ctx context.Context, token, method, path string, in, out any) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if raw, ok := in.(json.RawMessage); ok {
			b, err = raw, nil
		}
		if err != nil {
			return 0, fmt.Errorf("client: encode: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.Base+path, body)
	if err != nil {
		return 0, fmt.Errorf("client: %w", err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Token "+token)
	}
	return s.exchange(req, out)
}

func (s Server) exchange(req *http.Request, out any) (int, error) {
	hc := s.HTTP
	if hc == nil {
		hc = &http.Client{} // its connections are shared all the same
	}
	res, err := hc.Do(req)
	if err != nil {
		return 0, fmt.Errorf("client: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return res.StatusCode, fmt.Errorf("client: read answer: %w", err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		p := &Problem{Status: res.StatusCode, Detail: string(b), Header: res.Header}
		_ = json.Unmarshal(b, p) // what is no problem document is shown as it is
		return res.StatusCode, p
	}
	if out == nil || len(b) == 0 {
		return res.StatusCode, nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return res.StatusCode, fmt.Errorf("client: answer of %s %s: %w", req.Method, req.URL.Path, err)
	}
	return res.StatusCode, nil
}

// User is a logged-in user.
type User struct {
	Server
	Token   string
	Account protocol.Account
}

type credentials struct {
	Username string `json:"username"`
	Email    string `json:"email,omitempty"`
	Password string `json:"password"`
}

// Register signs a user up.
func (s Server) Register(ctx context.Context, username, password string) (*User, error) {
	in := credentials{username, strings.ToLower(username) + "@example.com", password}
	return s.enter(ctx, "/api/auth/register/", in)
}

// Login logs a user in.
func (s Server) Login(ctx context.Context, username, password string) (*User, error) {
	return s.enter(ctx, "/api/auth/login/", credentials{Username: username, Password: password})
}

func (s Server) enter(ctx context.Context, path string, in credentials) (*User, error) {
	var out struct {
		Token string           `json:"token"`
		User  protocol.Account `json:"user"`
	}
	if _, err := s.Do(ctx, "", http.MethodPost, path, in, &out); err != nil {
		return nil, err
	}
	return &User{Server: s, Token: out.Token, Account: out.User}, nil
}

// Call sends a request as the user.
func (u *User) Call(ctx context.Context, method, path string, in, out any) error {
	_, err := u.Do(ctx, u.Token, method, path, in, out)
	return err
}

// CreateRoom makes a room that the user owns.
func (u *User) CreateRoom(ctx context.Context, name string) (protocol.Room, error) {
	var r protocol.Room
	err := u.Call(ctx, http.MethodPost, "/api/rooms/", map[string]string{"name": name}, &r)
	return r, err
}

// JoinRoom makes the user a participant.
func (u *User) JoinRoom(ctx context.Context, roomID int64) error {
	return u.Call(ctx, http.MethodPost, fmt.Sprintf("/api/rooms/%d/join/", roomID), nil, nil)
}
