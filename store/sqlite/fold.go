package sqlite

import (
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes the key under which a user name or e-mail is unique: equal for
// spellings that differ in case only, in any script, or in how an accent is
// composed (Unicode, section 3.13: canonical caseless matching). SQLite's own
// NOCASE knows ASCII only.
func fold(s string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFD.String(s)))
}
