package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// Eight write at once, by sockets and by REST; all who are there see the same
// line, and it is the line that is stored.
func TestOneOrderForAll(t *testing.T) {
	t.Parallel()
	const writers, each, readers = 8, 40, 3
	c := startChat(t, "ann", "bob", "cid")
	var readerOf []func() []protocol.Message
	for i := range readers {
		k := c.joined(t, i)
		readerOf = append(readerOf, func() []protocol.Message { return messages(t, k, writers*each) })
	}
	var wg sync.WaitGroup
	for w := range writers {
		u := c.users[w%len(c.users)]
		k := c.joined(t, w%len(c.users))
		wg.Go(func() {
			for i := range each {
				body := text(fmt.Sprintf("%d/%d", w, i))
				var err error
				if w%2 == 0 {
					_, err = k.Request(t.Context(), protocol.TypeChatMessage, body)
				} else {
					err = u.Call(t.Context(), http.MethodPost, c.path("messages/"), body, nil)
				}
				if err != nil {
					t.Errorf("writer %d, message %d: %v", w, i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	stored := c.history(t, 0)
	require.Len(t, stored, writers*each)
	requireSeqs(t, 1, stored)
	for i, read := range readerOf {
		require.Equal(t, stored, read(), "reader %d", i)
	}
	perWriter := map[string]int{}
	for _, m := range stored {
		var w, i int
		_, err := fmt.Sscanf(m.Content, "%d/%d", &w, &i)
		require.NoError(t, err)
		require.Equal(t, perWriter[fmt.Sprint(w)], i, "messages of writer %d in their order", w)
		perWriter[fmt.Sprint(w)]++
	}
}

// A client that does not wait for acks is slowed to what the store takes, not
// refused, and nothing of it is lost.
func TestFloodIsSlowedAndNotRefused(t *testing.T) {
	t.Parallel()
	const n = 2000
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			frame := fmt.Sprintf(`{"type":"chat_message","id":"f%d","data":{"content":"%d"}}`, i, i)
			if err := ann.SendRaw(t.Context(), []byte(frame)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for i, m := range messages(t, bob, n) {
		require.EqualValues(t, i+1, m.Seq)
		require.Equal(t, fmt.Sprint(i), m.Content, "in the order in which they were sent")
	}
	require.NoError(t, <-sent)
	for acked := 0; acked < n; {
		f, err := ann.Next(within(t))
		require.NoError(t, err)
		if f.ID == "" {
			continue
		}
		var ref protocol.MessageRef
		require.Equal(t, protocol.TypeAck, f.Type, "frame: %s", f.Raw)
		require.NoError(t, f.Into(&ref))
		require.Equal(t, fmt.Sprint("f", acked), f.ID, "acks in the order of the frames")
		acked++
		require.EqualValues(t, acked, ref.Seq)
	}
}

// Frames that take different ways through the store, sent without waiting, take
// effect in the order in which they were sent.
func TestChangesTakeEffectInOrder(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	ref := say(t, ann, "v0")
	await[protocol.Message](t, bob, protocol.TypeChatMessage)
	const n = 60
	for i := 1; i <= n; i++ { // some messages between, so that reading is paused for both reasons
		require.NoError(t, ann.Send(within(t), protocol.TypeChatMessage, text("between")))
		require.NoError(t, ann.Send(within(t), protocol.TypeChatMessage, text("between")))
		edit := map[string]any{"message_id": ref.ID, "content": fmt.Sprint("v", i)}
		require.NoError(t, ann.Send(within(t), protocol.TypeMessageEdit, edit))
	}
	for i := 1; i <= n; i++ {
		require.Equal(t, fmt.Sprint("v", i), await[protocol.Message](t, bob, protocol.TypeMessageEdit).Content)
	}
}
