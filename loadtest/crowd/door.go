package crowd

import (
	"context"
	"fmt"
	"time"

	"parley/loadtest/pause"
)

// Door lets clients open so many sockets at a time, and so many a second.
type Door struct {
	// static
	slots chan struct{}
	every time.Duration // 0: as fast as slots are free

	next time.Time // owned by who calls Enter
}

// NewDoor makes a door. With a rate of 0, in sockets a second, sockets are opened
// as fast as others have been.
func NewDoor(atOnce int, rate float64) *Door {
	d := &Door{slots: make(chan struct{}, atOnce)}
	if rate > 0 {
		d.every = time.Duration(float64(time.Second) / rate)
	}
	return d
}

// Enter waits until the next client may open its socket, and returns when that
// should have been. One goroutine calls it.
func (d *Door) Enter(ctx context.Context) (asked time.Time, err error) {
	if asked, err = d.due(ctx); err != nil {
		return asked, err
	}
	select {
	case d.slots <- struct{}{}:
		if d.every == 0 {
			asked = time.Now()
		}
		return asked, nil
	case <-ctx.Done():
		return asked, fmt.Errorf("crowd: %w", ctx.Err())
	}
}

// due waits for the next time of a rate.
func (d *Door) due(ctx context.Context) (time.Time, error) {
	if d.next.IsZero() {
		d.next = time.Now()
	}
	asked := d.next
	d.next = asked.Add(d.every)
	wait := time.Until(asked)
	if d.every == 0 || wait <= 0 {
		return asked, nil
	}
	if !pause.For(ctx, wait) {
		return asked, fmt.Errorf("crowd: %w", ctx.Err())
	}
	return asked, nil
}

// Through is called once for each that entered, when its socket has opened or has
// failed to.
func (d *Door) Through() { <-d.slots }
