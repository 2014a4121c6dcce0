package value

import (
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold makes the key under which a user name or e-mail is unique: equal for
// spellings that differ in case only, in any script, or in how an accent is
// composed (Unicode, section 3.13: canonical caseless matching). What databases
// have of their own knows ASCII only, or goes by a locale.
func Fold(s string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFD.String(s)))
}
