package api

import (
	"context"
	"net/http"

	"parley/protocol"
)

type seenCalls struct {
	Body struct {
		UpToID int64 `json:"up_to_id" doc:"The newest missed call that was seen." example:"17"`
	} `nameHint:"SeenCalls"`
}

func (s *server) missedRoutes() {
	const tag = "Calls"
	register(s, operation{
		id: "list-missed-calls", method: http.MethodGet, path: "/api/calls/missed/", tag: tag,
		summary: "The calls that I missed, newest first",
		detail:  "What was missed in a room goes with the room, and with one's place in it.",
	}, s.listMissed)
	register(s, operation{
		id: "see-missed-calls", method: http.MethodPost, path: "/api/calls/missed/seen/", tag: tag,
		summary: "Mark missed calls as seen", status: http.StatusNoContent,
		detail: "Those up to an id. Doing so twice is no error.",
	}, s.seeMissed)
}

func (s *server) listMissed(ctx context.Context, in *struct{ PageQuery }) (*reply[List[protocol.MissedCall]], error) {
	calls, total, err := s.Rings.Missed(ctx, caller(ctx).User.ID, in.slice())
	if err != nil {
		return nil, err
	}
	return paged(&in.PageQuery, calls, total), nil
}

func (s *server) seeMissed(ctx context.Context, in *seenCalls) (*nothing, error) {
	return &nothing{}, s.Rings.See(ctx, caller(ctx).User.ID, in.Body.UpToID)
}
