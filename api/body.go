package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/protocol"
)

// bodyTimeout is how long a client may take to send a body that is bounded to
// some tens of kilobytes.
const bodyTimeout = 10 * time.Second

// readBody is middleware for operations that take a body. It reads the body
// whole and sees that it is JSON, by whatever Content-Type it came: plain curl
// -d calls it a form.
func (s *server) readBody(ctx huma.Context, next func(huma.Context)) {
	if ctx.Operation().RequestBody == nil {
		next(ctx)
		return
	}
	r, w := humago.Unwrap(ctx)
	body, err := s.body(w, r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	next(ctx)
}

func (s *server) body(w http.ResponseWriter, r *http.Request) ([]byte, *protocol.Error) {
	// Not every writer has deadlines (tests); the server's own hold then.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	reader := r.Body
	if s.cfg.BodyBytes > 0 {
		reader = http.MaxBytesReader(w, r.Body, s.cfg.BodyBytes)
	}
	body, err := io.ReadAll(reader)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, protocol.Errorf(protocol.CodePayloadTooLarge, "the body is over %d bytes", tooLarge.Limit)
	case err != nil:
		return nil, protocol.Errorf(protocol.CodeInvalidJSON, "the body could not be read to its end")
	case len(bytes.TrimSpace(body)) == 0:
		return nil, protocol.Errorf(protocol.CodeInvalidJSON, "the body is empty; a JSON object is expected")
	}
	return body, invalidJSON(body)
}

func invalidJSON(body []byte) *protocol.Error {
	var raw json.RawMessage
	err := json.Unmarshal(body, &raw)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return protocol.Errorf(protocol.CodeInvalidJSON, "the body is not JSON: %v (byte %d)", syntax, syntax.Offset)
	}
	return protocol.Errorf(protocol.CodeInvalidJSON, "the body is not JSON: %v", err)
}
