package api

import (
	"context"
	"net/http"

	"parley/auth"
	"parley/protocol"
)

// registration, credentials and profileChange say which JSON types the fields
// have; what they may hold is auth's to say.
type registration struct {
	Body struct {
		Username    string `json:"username" doc:"1–150 letters, digits and @ . + - _; unique without regard to case." example:"ada"`
		Email       string `json:"email" doc:"Unique without regard to case." example:"ada@example.com"`
		Password    string `json:"password" doc:"8–256 characters." example:"correct horse battery"`
		DisplayName string `json:"display_name,omitempty" doc:"At most 150 characters; the user name by default." example:"Ada Lovelace"`
	} `nameHint:"Registration"`
}

type credentials struct {
	Body struct {
		Username string `json:"username,omitempty" doc:"This or email; this counts where both are given." example:"ada"`
		Email    string `json:"email,omitempty" example:"ada@example.com"`
		Password string `json:"password" example:"correct horse battery"`
	} `nameHint:"Credentials"`
}

type profileChange struct {
	Body struct {
		Email       *string `json:"email,omitempty" example:"ada@example.com"`
		DisplayName *string `json:"display_name,omitempty" doc:"Empty: the user name." example:"Countess"`
	} `nameHint:"ProfileChange"`
}

// Login is the answer to a registration and to a login.
type Login struct {
	Token string           `json:"token" doc:"For the Authorization header. It is not shown again." example:"pt_…"`
	User  protocol.Account `json:"user"`
}

// Ticket is a credential for one WebSocket connection.
type Ticket struct {
	Ticket    string        `json:"ticket" doc:"For ?ticket= in a WebSocket's URL." example:"tk_…"`
	ExpiresAt protocol.Time `json:"expires_at"`
}

func (s *server) accountRoutes() {
	const tag = "Accounts"
	register(s, operation{
		id: "register", method: http.MethodPost, path: "/api/auth/register/", tag: tag, public: true,
		summary: "Make an account and log in", status: http.StatusCreated, errors: []protocol.Code{protocol.CodeUnavailable},
	}, s.register)
	register(s, operation{
		id: "login", method: http.MethodPost, path: "/api/auth/login/", tag: tag, public: true,
		summary: "Log in", errors: []protocol.Code{protocol.CodeInvalidCredentials, protocol.CodeUnavailable},
	}, s.login)
	register(s, operation{
		id: "logout", method: http.MethodPost, path: "/api/auth/logout/", tag: tag,
		summary: "End this login", status: http.StatusNoContent,
		detail: "The token and its tickets are dead at once, and the sockets opened with them are closed (4401). Other logins live on.",
	}, s.logout)
	register(s, operation{
		id: "me", method: http.MethodGet, path: "/api/auth/me/", tag: tag,
		summary: "Who I am",
	}, func(ctx context.Context, _ *nothing) (*reply[protocol.Account], error) {
		return answer(caller(ctx).Account), nil
	})
	register(s, operation{
		id: "update-profile", method: http.MethodPatch, path: "/api/auth/profile/", tag: tag,
		summary: "Change my account", detail: "A field that is absent or null stays as it is.",
	}, s.updateProfile)
	register(s, operation{
		id: "create-ticket", method: http.MethodPost, path: "/api/auth/ticket/", tag: tag,
		summary: "Make a one-time ticket for a WebSocket", status: http.StatusCreated,
		detail: "A ticket is good for one connection within 30 seconds. A URL, which may end up in a log, should hold a ticket rather than a token.",
	}, s.ticket)
}

func (s *server) register(ctx context.Context, in *registration) (*reply[Login], error) {
	b := in.Body
	token, user, err := s.Auth.Register(ctx, auth.Registration{
		Username: b.Username, Email: b.Email, Password: b.Password, DisplayName: b.DisplayName,
	})
	return answer(Login{Token: token, User: user}), err
}

func (s *server) login(ctx context.Context, in *credentials) (*reply[Login], error) {
	b := in.Body
	token, user, err := s.Auth.Login(ctx, auth.Credentials{Username: b.Username, Email: b.Email, Password: b.Password})
	return answer(Login{Token: token, User: user}), err
}

func (s *server) logout(ctx context.Context, _ *nothing) (*nothing, error) {
	return &nothing{}, s.Auth.Logout(ctx, caller(ctx))
}

func (s *server) updateProfile(ctx context.Context, in *profileChange) (*reply[protocol.Account], error) {
	a, err := s.Auth.UpdateProfile(ctx, caller(ctx), auth.ProfileChange{
		Email: in.Body.Email, DisplayName: in.Body.DisplayName,
	})
	return answer(a), err
}

func (s *server) ticket(ctx context.Context, _ *nothing) (*reply[Ticket], error) {
	ticket, expires, err := s.Auth.Ticket(ctx, caller(ctx))
	return answer(Ticket{Ticket: ticket, ExpiresAt: protocol.At(expires)}), err
}
