package app

import (
	"context"

	"parley/chat"
	"parley/fleet"
	"parley/inbox"
)

// startChat makes the chat, and the inboxes that hear of it: these stop after it.
func (a *App) startChat(rooms inbox.Rooms) *inbox.Service {
	inboxes := inbox.New(inbox.Config{Logger: a.log}, a.store, rooms, a.hub)
	inboxes.Start()
	a.onStop("inboxes", func(context.Context) error { inboxes.Stop(); return nil })
	a.chat = chat.New(chat.Config{
		MessageChars: a.limits.MessageChars, Linger: a.cfg.Edge.ResumeWindow,
		Inbox: inboxes, Logger: a.log, Meter: a.metrics.Chat,
	}, a.store, a.hub, a.presence)
	if a.fleet != nil {
		a.fleet.Watch(fleet.Events{Lapsed: a.chat.Lapsed, Gone: a.chat.Gone, Reaped: a.chat.Reaped})
	}
	a.onStop("chat", func(context.Context) error { a.chat.Stop(); return nil })
	return inboxes
}
