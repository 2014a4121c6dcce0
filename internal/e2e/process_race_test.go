//go:build race

package e2e

// buildFlags has the binary watched for races where the tests are.
func buildFlags() []string { return []string{"-race"} }
