package redis

import (
	"context"

	driver "github.com/redis/go-redis/v9"
)

// Renew implements presence.Registry. Each partition says since when its lease
// is unbroken: so a lapse is noticed also where the answer that told of it was lost.
func (r *Registry) Renew(ctx context.Context) (lapsed bool, err error) {
	if err := r.open(ctx); err != nil {
		return false, err
	}
	if err := r.renews.take(ctx); err != nil {
		return false, err
	}
	defer r.renews.give()
	answers := r.runAll(ctx, r.scripts.renew, func(p *partition) []any {
		return []any{r.cfg.Node.ID, r.cfg.Lease.Milliseconds(), p.confirmed(), p.cursor}
	})
	var errs []error
	for i, p := range r.partitions {
		errs = append(errs, r.renewed(ctx, p, answers[i]))
	}
	if err := failure(ctx, errs...); err != nil {
		return false, err
	}
	for _, p := range r.partitions {
		lapsed = lapsed || p.lapsed
		p.lapsed = false
	}
	return lapsed, nil
}

// renewed takes the answer of one partition. Where writes were lost, what is
// left may be wrong: a user who has left may be there again. So it is removed,
// in turn with the writes.
func (r *Registry) renewed(ctx context.Context, p *partition, answer *driver.Cmd) error {
	values, err := answer.Slice()
	if err != nil {
		return err
	}
	if len(values) != 3 {
		return errAnswer
	}
	p.now(text(values[0]))
	p.cursor = text(values[2])
	if lost, _ := values[1].(int64); lost == 0 {
		return nil
	}
	w := &write{afresh: true}
	if err := r.write(ctx, p, w); err != nil {
		return err
	}
	p.now(w.since)
	return nil
}

// now notes since when the partition's lease is unbroken.
func (p *partition) now(since string) {
	if p.since != since {
		p.since, p.lapsed = since, true
	}
}

func text(value any) string {
	s, _ := value.(string)
	return s
}
