package punctual

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// UnreachableError says that no answer came: the address is wrong, the network is down, or the time was up. Cause says which.
type UnreachableError struct {
	Message string
	Cause   error
}

func (e *UnreachableError) Error() string { return e.Message }
func (e *UnreachableError) Unwrap() error { return e.Cause }

// APIError says that the API refused the request. errors.As finds it in all of the types below.
type APIError struct {
	Problem Problem
	// RetryAfter is the time of the answer's Retry-After; nil if it had none.
	RetryAfter *time.Duration
}

func (e *APIError) Error() string {
	lines := []string{e.Problem.Detail}
	for _, fault := range e.Faults() {
		lines = append(lines, fault.Pointer+": "+fault.Message)
	}
	return strings.Join(lines, "\n")
}

func (e *APIError) Status() int { return int(e.Problem.Status) }

// Code is a word for programs: not_found, quota_exceeded, …
func (e *APIError) Code() string { return e.Problem.Code }

// Faults are all faults of the request at once; none when the error is not about a field.
func (e *APIError) Faults() []Fault { return e.Problem.Errors }

// RequestID finds the request in the logs of the stage.
func (e *APIError) RequestID() string { return e.Problem.RequestID }

// InvalidRequestError is a 400, 413, 415 or 422: the request is wrong, and would be wrong again.
type InvalidRequestError struct{ *APIError }

// UnauthenticatedError is a 401: no key, or a key that is not (or no longer) good.
type UnauthenticatedError struct{ *APIError }

// ForbiddenError is a 403: the key is good, but not for this operation.
type ForbiddenError struct{ *APIError }

// NotFoundError is a 404: deleted, older than the retention, of another project, or never there.
type NotFoundError struct{ *APIError }

// ConflictError is a 409: the object's state does not allow it, or a quota of objects is used up.
type ConflictError struct{ *APIError }

// TooManyRequestsError is a 429: a quota of requests or of runs is used up until RetryAfter.
type TooManyRequestsError struct{ *APIError }

func (e *InvalidRequestError) Unwrap() error  { return e.APIError }
func (e *UnauthenticatedError) Unwrap() error { return e.APIError }
func (e *ForbiddenError) Unwrap() error       { return e.APIError }
func (e *NotFoundError) Unwrap() error        { return e.APIError }
func (e *ConflictError) Unwrap() error        { return e.APIError }
func (e *TooManyRequestsError) Unwrap() error { return e.APIError }

func (e *APIError) typed() error {
	switch e.Status() {
	case 400, 413, 415, 422:
		return &InvalidRequestError{e}
	case 401:
		return &UnauthenticatedError{e}
	case 403:
		return &ForbiddenError{e}
	case 404:
		return &NotFoundError{e}
	case 409:
		return &ConflictError{e}
	case 429:
		return &TooManyRequestsError{e}
	}
	return e
}

// newAPIError reads an answer that is no success. What stands before the API (a gateway, a proxy) answers in words of its own.
func newAPIError(response *http.Response, text []byte) *APIError {
	refused := &APIError{RetryAfter: secondsIn(response.Header.Get("Retry-After"))}
	if json.Unmarshal(text, &refused.Problem) == nil && refused.Problem.Detail != "" && refused.Problem.Code != "" {
		return refused
	}
	const said = "The server answered %s, and not in the way of Punctual's API: %.200s"
	refused.Problem = Problem{
		Type:      "about:blank",
		Status:    int64(response.StatusCode),
		Title:     http.StatusText(response.StatusCode),
		Code:      "no_problem_document",
		Detail:    fmt.Sprintf(said, response.Status, text),
		RequestID: response.Header.Get("X-Request-Id"),
	}
	return refused
}

func secondsIn(text string) *time.Duration {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return nil
	}
	return Ptr(time.Duration(seconds * float64(time.Second)))
}
