package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"parley/protocol"
)

// humaContext lets exchange embed the interface beside its Context method.
type humaContext huma.Context

// exchange is huma's context with the one status changed that Parley answers
// otherwise: what is wrong with a request's values is 400, not 422.
type exchange struct{ humaContext }

func (x exchange) Unwrap() huma.Context { return x.humaContext }

func (x exchange) SetStatus(code int) {
	if code == http.StatusUnprocessableEntity {
		code = http.StatusBadRequest
	}
	x.humaContext.SetStatus(code)
}

// asProblem is a huma.Transformer. It puts a Problem in the place of huma's own
// model of an error, which is how no global of huma's needs to be set. By then
// the body is known to be JSON, so that huma complains of values only.
func asProblem(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	e := protocol.Errorf(protocol.CodeValidation, "")
	var parts []string
	for _, d := range m.Errors {
		f := fieldError(d)
		e.Fields = append(e.Fields, f)
		parts = append(parts, f.Field+": "+f.Message)
	}
	e.Message = strings.Join(parts, "; ")
	return newProblem(e), nil
}

// fieldError names the field as the client spelled it: huma says body.name or
// query.page, and names a field that is missing in the message alone.
func fieldError(d *huma.ErrorDetail) protocol.FieldError {
	var missing string
	if _, err := fmt.Sscanf(d.Message, validation.MsgExpectedRequiredProperty, &missing); err == nil {
		return protocol.FieldError{Field: missing, Message: "required"}
	}
	if d.Location == "body" {
		if field, msg, found := strings.Cut(d.Message, ": "); found { // from unmarshal
			return protocol.FieldError{Field: field, Message: msg}
		}
	}
	_, field, found := strings.Cut(d.Location, ".")
	if !found {
		field = d.Location
	}
	return protocol.FieldError{Field: field, Message: d.Message}
}

// unmarshal is json.Unmarshal with errors that do not speak of Go. They follow
// huma's validation, so only numbers are left that Go's types cannot hold.
func unmarshal(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Field == "" {
		return errors.New("body: a number in it is out of range")
	}
	return fmt.Errorf("%s: expected integer, written without fraction or exponent, below 2^53", wrong.Field)
}
