package client_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// server is a deployment that answers as the test says.
func server(t *testing.T, answer http.HandlerFunc) client.Server {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	t.Cleanup(s.Client().CloseIdleConnections)
	return client.Server{Base: s.URL, HTTP: s.Client()}
}

// seen is a request as it came.
type seen struct {
	method, path, auth, contentType, body string
}

func record(r *http.Request) seen {
	b, _ := io.ReadAll(r.Body)
	return seen{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(b)}
}

func TestRequestsAsTheContractWantsThem(t *testing.T) {
	var requests []seen
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, record(r))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"token":"pt_1","user":{"id":7,"username":"ann"},"id":3,"name":"Tea"}`)
	})

	u, err := s.Register(t.Context(), "Ann", "correct horse")
	require.NoError(t, err)
	require.Equal(t, "pt_1", u.Token)
	require.EqualValues(t, 7, u.Account.ID)
	_, err = s.Login(t.Context(), "Ann", "correct horse")
	require.NoError(t, err)
	room, err := u.CreateRoom(t.Context(), "Tea")
	require.NoError(t, err)
	require.EqualValues(t, 3, room.ID)
	require.NoError(t, u.JoinRoom(t.Context(), 3))
	status, err := s.Do(t.Context(), "", http.MethodPost, "/x?y=1", json.RawMessage("{ not json"), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, status)

	const jsonType = "application/json"
	require.Equal(t, []seen{
		{"POST", "/api/auth/register/", "", jsonType, `{"username":"Ann","email":"ann@example.com","password":"correct horse"}`},
		{"POST", "/api/auth/login/", "", jsonType, `{"username":"Ann","password":"correct horse"}`},
		{"POST", "/api/rooms/", "Token pt_1", jsonType, `{"name":"Tea"}`},
		{"POST", "/api/rooms/3/join/", "Token pt_1", "", ""},
		{"POST", "/x?y=1", "", jsonType, "{ not json"},
	}, requests)
}

func TestErrorsThatTheServerAnswers(t *testing.T) {
	body, status := "", 0
	s := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
	ask := func(t *testing.T) *client.Problem {
		t.Helper()
		_, err := s.Do(t.Context(), "", http.MethodGet, "/", nil, nil)
		var p *client.Problem
		require.ErrorAs(t, err, &p)
		return p
	}

	status, body = 400, `{"status":400,"title":"Bad Request","detail":"name: required","code":"validation_error","errors":[{"field":"name","message":"required"}]}`
	p := ask(t)
	require.Equal(t, protocol.CodeValidation, p.Code)
	require.Equal(t, []protocol.FieldError{{Field: "name", Message: "required"}}, p.Errors)
	require.Equal(t, "400 validation_error: name: required", p.Error())
	require.Equal(t, "3", p.Header.Get("Retry-After"))

	status, body = 502, "<html>bad gateway"
	p = ask(t)
	require.Equal(t, 502, p.Status, "what is no problem document is one of the status")
	require.Equal(t, body, p.Detail)
}

func TestAnswersThatAreNotJSON(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	var out struct{}
	status, err := s.Do(t.Context(), "", http.MethodGet, "/", nil, &out)
	require.ErrorContains(t, err, "answer of GET /")
	require.Equal(t, http.StatusOK, status)
}

func TestServerThatIsNotThere(t *testing.T) {
	s := client.Server{Base: "http://127.0.0.1:1"}
	_, err := s.Login(t.Context(), "ann", "x")
	require.ErrorContains(t, err, "client: ")
	_, err = (&client.User{Server: s}).OpenChat(t.Context(), 1)
	require.ErrorContains(t, err, "client: ")
}
