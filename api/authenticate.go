package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/auth"
	"parley/protocol"
)

type identityKey struct{}

// caller is who makes the request; authenticate has put it there.
func caller(ctx context.Context) auth.Identity {
	who, _ := ctx.Value(identityKey{}).(auth.Identity)
	return who
}

// authenticate is middleware for operations that need a token.
func (s *server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	who, err := s.identify(ctx)
	if err != nil {
		_, w := humago.Unwrap(ctx)
		writeProblem(w, s.clientError(ctx.Context(), err))
		return
	}
	next(huma.WithValue(ctx, identityKey{}, who))
}

func (s *server) identify(ctx huma.Context) (auth.Identity, error) {
	header := ctx.Header("Authorization")
	if header == "" {
		return auth.Identity{}, protocol.Errorf(protocol.CodeUnauthenticated,
			"a token is required: Authorization: Token <token>")
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Token") && !strings.EqualFold(scheme, "Bearer") {
		return auth.Identity{}, protocol.Errorf(protocol.CodeUnauthenticated,
			"the Authorization header is not of the form Token <token> or Bearer <token>")
	}
	return s.Auth.Authenticate(ctx.Context(), strings.TrimSpace(token))
}

// checkID is middleware for paths that hold an id. What cannot be an id is not
// found, as an id that is nobody's is not.
func checkID(ctx huma.Context, next func(huma.Context)) {
	if s := ctx.Param("id"); s != "" {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil || id < 1 || id >= protocol.MaxID {
			_, w := humago.Unwrap(ctx)
			writeProblem(w, protocol.Errorf(protocol.CodeNotFound, "there is no such room, or you are not in it"))
			return
		}
	}
	next(ctx)
}
