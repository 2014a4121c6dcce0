package api

import (
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/protocol"
)

// Cursor is a seq in a query that may also be absent: 0 is a place too, the
// one before the first message.
type Cursor struct {
	Seq int64
	Set bool
}

// Schema implements huma.SchemaProvider.
func (Cursor) Schema(huma.Registry) *huma.Schema {
	least := 0.0
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &least}
}

// Receiver implements huma.ParamWrapper.
func (c *Cursor) Receiver() reflect.Value { return reflect.ValueOf(c).Elem().Field(0) }

// OnParamSet implements huma.ParamReactor.
func (c *Cursor) OnParamSet(set bool, _ any) { c.Set = set }

// historyQuery selects a part of a room's messages, in one of four ways.
type historyQuery struct {
	RoomPath
	PageQuery
	After        Cursor    `query:"after_seq" doc:"Messages after this seq, ascending."`
	Before       Cursor    `query:"before_seq" doc:"Messages before this seq, descending."`
	Limit        int64     `query:"limit" default:"50" minimum:"1" doc:"Results, with after_seq or before_seq; above 100 means 100."`
	ChangedSince time.Time `query:"changed_since" doc:"Messages edited or deleted at or after this time, the earliest change first."`
}

// check refuses two ways at once.
func (q *historyQuery) check() error {
	ways := map[string]bool{
		"before_seq":    q.Before.Set,
		"changed_since": !q.ChangedSince.IsZero(),
	}
	taken := q.After.Set
	for _, name := range []string{"before_seq", "changed_since"} {
		if ways[name] && taken {
			return protocol.Invalid(name, "only one of after_seq, before_seq and changed_since may be given")
		}
		taken = taken || ways[name]
	}
	return nil
}

func (q *historyQuery) limit() int { return int(min(q.Limit, protocol.MaxPageSize)) }

// onward makes the answer to a cursor. As seq counts without gaps, a room's
// last seq is also how many messages it has, and the first is 1.
func (q *historyQuery) onward(results []protocol.Message, lastSeq int64) *reply[List[protocol.Message]] {
	l := List[protocol.Message]{Count: int(lastSeq), Results: orEmpty(results)}
	if n := len(results); n > 0 {
		end := results[n-1].Seq
		if q.After.Set && end < lastSeq {
			l.Next = q.with("after_seq", end)
		}
		if q.Before.Set && end > 1 {
			l.Next = q.with("before_seq", end)
		}
	}
	return answer(l)
}
