package api

// reply is an answer with a body.
type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{Body: body} }

// nothing is an input without parameters, or an answer without a body (204).
type nothing struct{}

// RoomPath is the {id} of a path. checkID has seen that it is one.
type RoomPath struct {
	ID int64 `path:"id" minimum:"1" doc:"The room's id." example:"7"`
}
