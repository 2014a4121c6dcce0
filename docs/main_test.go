package docs_test

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// actAs makes the test binary play another program: a script of the README
// finds it under that program's name.
const actAs = "PARLEY_DOCS_ACT_AS"

func TestMain(m *testing.M) {
	if os.Getenv(actAs) == "npx" {
		os.Exit(npx(os.Args[1:], os.Stdout, os.Stderr))
	}
	flag.Bool("update", false, "rewrite the tables that are made from the code")
	goleak.VerifyTestMain(m)
}

func updating() bool { return flag.Lookup("update").Value.String() == "true" }
