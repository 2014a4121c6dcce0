package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"parley/protocol"
)

// Problem is the body of every error (RFC 9457). Its type is always
// about:blank and therefore not sent; code tells problems apart.
type Problem struct {
	Status int                   `json:"status" doc:"The HTTP status." example:"400"`
	Title  string                `json:"title" doc:"What the status means." example:"Bad Request"`
	Detail string                `json:"detail" doc:"What went wrong, for a person." example:"name: required"`
	Code   protocol.Code         `json:"code" doc:"What went wrong, for a program; these names are stable." example:"validation_error"`
	Errors []protocol.FieldError `json:"errors,omitempty" doc:"What is wrong with which field." nullable:"false"`

	retryAfter time.Duration
}

// problemType is the media type of a Problem.
const problemType = "application/problem+json"

func newProblem(e *protocol.Error) *Problem {
	status := e.Code.HTTPStatus()
	p := &Problem{
		Status:     status,
		Title:      http.StatusText(status),
		Detail:     e.Message,
		Code:       e.Code,
		Errors:     e.Fields,
		retryAfter: e.RetryAfter,
	}
	if p.retryAfter <= 0 && (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) {
		p.retryAfter = time.Second
	}
	return p
}

// Error implements error.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Token")
	}
	if p.retryAfter > 0 {
		seconds := (p.retryAfter + time.Second - 1) / time.Second // at least 1, whole seconds (RFC 9110, section 10.2.3)
		h.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	return h
}

// writeProblem answers with e where huma is not at work yet.
func writeProblem(w http.ResponseWriter, e *protocol.Error) {
	p := newProblem(e)
	h := w.Header()
	for k, v := range p.GetHeaders() {
		h[k] = v
	}
	h.Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone, or it is written
}

// Refusal answers every request with e.
func Refusal(e *protocol.Error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeProblem(w, e) })
}
