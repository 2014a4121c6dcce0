package load

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/chat"
	"parley/loadtest/idle"
	"parley/loadtest/storm"
)

func TestLoadsRefuseWhatCannotBe(t *testing.T) {
	for want, change := range map[string]func(o *chat.Options){
		"two sockets or more":  func(o *chat.Options) { o.Sockets = o.Rooms },
		"a rate above 0":       func(o *chat.Options) { o.Rate = 0 },
		"a size from 48":       func(o *chat.Options) { o.Size = 1 },
		"a share of slow":      func(o *chat.Options) { o.Slow = 2 },
		"above late":           func(o *chat.Options) { o.Lost = o.Late },
		"one socket or more":   func(o *chat.Options) { o.AtOnce = 0 },
		"an exponent of 0":     func(o *chat.Options) { o.Zipf = -1 },
		"above 0 for duration": func(o *chat.Options) { o.Duration = 0 },
	} {
		o := chat.Defaults()
		change(&o)
		_, err := chat.New(o)
		require.ErrorContains(t, err, want)
	}
	for want, change := range map[string]func(o *idle.Options){
		"times above 0": func(o *idle.Options) { o.Hold = 0 },
		"one or more":   func(o *idle.Options) { o.Sockets = 0 },
	} {
		o := idle.Defaults()
		change(&o)
		_, err := idle.New(o)
		require.ErrorContains(t, err, want)
	}
	for want, change := range map[string]func(o *storm.Options){
		"one storm or more": func(o *storm.Options) { o.Times = 0 },
		"one or more":       func(o *storm.Options) { o.RoomSize = 0 },
	} {
		o := storm.Defaults()
		change(&o)
		_, err := storm.New(o)
		require.ErrorContains(t, err, want)
	}
}
