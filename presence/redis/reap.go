package redis

import (
	"context"
	"slices"

	driver "github.com/redis/go-redis/v9"

	"parley/presence"
)

// reapAtOnce bounds how many entries a script removes, but for those of one
// room, as Redis does nothing else meanwhile.
const reapAtOnce = 500

// Reap implements presence.Registry. An answer that is lost on its way is given
// again; one that the dead has received or not is not given to others.
func (r *Registry) Reap(ctx context.Context) ([]presence.Entry, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	if err := r.reaps.take(ctx); err != nil {
		return nil, err
	}
	defer r.reaps.give()
	var gone []presence.Entry
	for more := true; more; {
		more = false
		answers := r.runAll(ctx, r.scripts.reap, func(p *partition) []any { return []any{p.reaped, reapAtOnce} })
		var errs []error
		for i, p := range r.partitions {
			entries, rest, err := p.receive(answers[i])
			gone = append(gone, entries...)
			more = more || rest
			errs = append(errs, err)
		}
		if err := failure(ctx, errs...); err != nil {
			slices.SortFunc(gone, presence.Entry.Compare)
			return gone, err
		}
	}
	slices.SortFunc(gone, presence.Entry.Compare)
	return gone, nil
}

// receive reads what was reaped in a partition.
func (p *partition) receive(answer *driver.Cmd) (gone []presence.Entry, more bool, err error) {
	values, err := answer.Slice()
	if err != nil {
		return nil, false, err
	}
	if len(values) != 3 {
		return nil, false, errAnswer
	}
	number, _ := values[0].(int64)
	rest, _ := values[1].(int64)
	fields, _ := values[2].([]any)
	for i := 0; i+3 < len(fields); i += 4 {
		e, err := entry(text(fields[i]), text(fields[i+1]), text(fields[i+2]), text(fields[i+3]))
		if err != nil {
			return nil, false, err
		}
		gone = append(gone, e)
	}
	p.reaped = number
	return gone, rest == 1, nil
}
