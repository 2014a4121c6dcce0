package docs_test

import (
	"context"
	"testing"
	"time"
)

// patience bounds every wait: far longer than anything takes.
const patience = 30 * time.Second

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}
