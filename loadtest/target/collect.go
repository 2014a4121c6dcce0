package target

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Collect has the nodes collect their garbage, so that their metrics tell what is in
// use. It takes a node's admin listener to have Go's profiles, as Parley's has.
func (t *Target) Collect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, scrapeTimeout)
	defer cancel()
	for _, base := range t.admin {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/debug/pprof/heap?gc=1", nil)
		if err != nil {
			return fmt.Errorf("target: %w", err)
		}
		res, err := t.http.Do(req)
		if err != nil {
			return fmt.Errorf("target: %w", err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if err != nil {
			return fmt.Errorf("target: %w", err)
		}
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("target: %s/debug/pprof/heap answered %s", base, res.Status)
		}
	}
	return nil
}
