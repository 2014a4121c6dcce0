//go:build !linux

package main

import (
	"context"
	"errors"
	"io"
)

var errLinux = errors.New("this benchmark needs Linux: epoll and /proc")

func run(context.Context, options, io.Writer, io.Writer) error { return errLinux }

func runFloor(context.Context, string, io.Writer) error { return errLinux }
