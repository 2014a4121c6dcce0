package redis

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"parley/presence"
)

// Online implements presence.Registry. It is of one moment.
func (r *Registry) Online(ctx context.Context, room int64) ([]presence.Entry, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	answer, err := r.run(ctx, r.scripts.online, r.of(room), room)
	if err != nil {
		return nil, err
	}
	parts, _ := answer.([]any)
	if len(parts) != 2 {
		return nil, errAnswer
	}
	boots, _ := parts[0].([]any)
	fields, _ := parts[1].([]any)
	alive := make(map[string]string, len(boots)) // the entries share the names
	for _, boot := range boots {
		alive[text(boot)] = text(boot)
	}
	online := make([]presence.Entry, 0, len(fields)/2)
	for i := 0; i+1 < len(fields); i += 2 {
		user, of, _ := strings.Cut(text(fields[i]), "@")
		boot, ok := alive[of]
		if !ok {
			continue
		}
		e, err := entry(strconv.FormatInt(room, 10), user, text(fields[i+1]), boot)
		if err != nil {
			return nil, err
		}
		online = append(online, e)
	}
	slices.SortFunc(online, presence.Entry.Compare)
	return online, nil
}

// Nodes implements presence.Registry: a node is alive that has a lease in any
// partition.
func (r *Registry) Nodes(ctx context.Context) ([]presence.Node, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	var alive []presence.Node
	for _, answer := range r.runAll(ctx, r.scripts.nodes, func(*partition) []any { return nil }) {
		values, err := answer.StringSlice()
		if err != nil {
			return nil, failure(ctx, err)
		}
		for i := 0; i+1 < len(values); i += 2 {
			alive = append(alive, presence.Node{ID: values[i+1], Boot: values[i]})
		}
	}
	slices.SortFunc(alive, presence.Node.Compare)
	return slices.Compact(alive), nil
}
