package app

import (
	"context"
	"fmt"

	"parley/chat"
	"parley/inbox"
)

// startChat makes the chat, and the inboxes that hear of it: these stop after it.
func (a *App) startChat(ctx context.Context, rooms inbox.Rooms) (*inbox.Service, error) {
	inboxes := inbox.New(inbox.Config{Logger: a.log}, a.store, rooms, a.hub, a.bus)
	if err := inboxes.Start(ctx); err != nil {
		return nil, fmt.Errorf("app: inboxes: %w", err)
	}
	a.onStop("inboxes", func(context.Context) error { inboxes.Stop(); return nil })
	a.chat = chat.New(chat.Config{
		Node: a.node, MessageChars: a.limits.MessageChars, Inbox: inboxes, Logger: a.log, Meter: a.metrics.Chat,
	}, a.store, a.hub, a.presence)
	a.onStop("chat", func(context.Context) error { a.chat.Stop(); return nil })
	return inboxes, nil
}
