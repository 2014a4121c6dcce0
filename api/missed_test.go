package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
	"parley/store"
)

// rings keeps what the test says was missed, and what was said to be seen.
type rings struct {
	missed map[int64][]protocol.MissedCall
	seen   []string
}

func (r *rings) Missed(_ context.Context, userID int64, p store.Page) ([]protocol.MissedCall, int, error) {
	all := r.missed[userID]
	from := min(p.Offset, len(all))
	return all[from:min(from+p.Limit, len(all))], len(all), nil
}

func (r *rings) See(_ context.Context, userID, upTo int64) error {
	if upTo < 1 {
		return protocol.Invalid("up_to_id", "a positive integer is required")
	}
	r.seen = append(r.seen, fmt.Sprintf("user %d up to %d", userID, upTo))
	return nil
}

func TestMissedCalls(t *testing.T) {
	fake := &rings{missed: map[int64][]protocol.MissedCall{}}
	b := newBench(t, func(_ *api.Config, s *api.Services) { s.Rings = fake })
	token, ada := b.user(t, "ada")
	const path = "/api/calls/missed/"
	require.JSONEq(t, `{"count":0,"next":null,"previous":null,"results":[]}`, b.do(t, "GET", path, token, nil).raw)

	for id := range int64(3) {
		fake.missed[ada.ID] = append(fake.missed[ada.ID], protocol.MissedCall{
			ID: 3 - id, RoomID: 7, From: protocol.User{ID: 9, Username: "bob", DisplayName: "Bob"}, Seen: id > 0,
		})
	}
	page := as[api.List[protocol.MissedCall]](t, b.do(t, "GET", path+"?page=1&page_size=2", token, nil), http.StatusOK)
	require.Equal(t, 3, page.Count)
	require.Equal(t, fake.missed[ada.ID][:2], page.Results)
	require.Contains(t, *page.Next, "page=2")

	requireProblem(t, b.do(t, "GET", path, "", nil), protocol.CodeUnauthenticated)
	requireFields(t, b.do(t, "GET", path+"?page=0", token, nil), "page")
}

func TestMissedCallsAreSeen(t *testing.T) {
	fake := &rings{}
	b := newBench(t, func(_ *api.Config, s *api.Services) { s.Rings = fake })
	token, ada := b.user(t, "ada")
	const path = "/api/calls/missed/seen/"
	requireEmpty(t, b.do(t, "POST", path, token, map[string]any{"up_to_id": 17}))
	require.Equal(t, []string{fmt.Sprintf("user %d up to 17", ada.ID)}, fake.seen)

	requireFields(t, b.do(t, "POST", path, token, map[string]any{}), "up_to_id")
	requireFields(t, b.do(t, "POST", path, token, map[string]any{"up_to_id": "x"}), "up_to_id")
	requireFields(t, b.do(t, "POST", path, token, map[string]any{"up_to_id": 0}), "up_to_id")
	requireProblem(t, b.do(t, "POST", path, "", map[string]any{"up_to_id": 17}), protocol.CodeUnauthenticated)
	require.Len(t, fake.seen, 1)
}
