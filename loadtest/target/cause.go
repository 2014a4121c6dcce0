package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/coder/websocket"

	"parley/loadtest/client"
)

// Cause is a short name for what went wrong, the same for all errors of a kind: a
// code of the server's, a close code, or what the network did.
func Cause(err error) string {
	var problem *client.Problem
	var refusal *client.FrameError
	var closed websocket.CloseError
	var dns *net.DNSError
	var named interface{ Cause() string }
	switch {
	case err == nil:
		return "none"
	case errors.As(err, &problem) && problem.Code != "":
		return string(problem.Code)
	case errors.As(err, &problem):
		return fmt.Sprint("http ", problem.Status)
	case errors.As(err, &refusal):
		return string(refusal.Code)
	case errors.As(err, &closed):
		return fmt.Sprint("closed ", int(closed.Code))
	case errors.As(err, &named):
		return named.Cause()
	case errors.Is(err, client.ErrAfresh):
		return "not resumed"
	case errors.As(err, &dns):
		return "dns"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	return networkCause(err)
}

// networkCause names what the sockets' errors tell.
func networkCause(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "no descriptors left here"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return "no ports left here"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "connection lost"
	}
	// The WebSocket library has no type for an answer that is no upgrade.
	if _, status, found := strings.Cut(err.Error(), "expected handshake response status code 101 but got "); found {
		return "http " + status
	}
	return "other"
}
