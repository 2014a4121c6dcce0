//go:build !linux

package main

import (
	"context"
	"errors"
	"io"
)

func run(context.Context, options, io.Writer) error {
	return errors.New("this benchmark needs Linux: epoll and /proc")
}
