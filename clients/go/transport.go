package punctual

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// A longer Retry-After is not waited for: the caller learns it, as RetryAfter.
	maxWait    = 30 * time.Second
	firstWait  = 250 * time.Millisecond
	maxBackoff = 8 * time.Second
	// A wait of this length says that the request must not be sent again.
	never time.Duration = -1
)

var (
	errTimeout = errors.New("the time of the request was up")
	errNoJSON  = errors.New("a success that is no JSON")
)

type transport struct {
	base    string
	apiKey  string
	timeout time.Duration
	retries int
	http    *http.Client
}

func newTransport(options Options) *transport {
	t := &transport{strings.TrimRight(options.URL, "/"), options.APIKey, options.Timeout, options.Retries, options.HTTPClient}
	if t.timeout == 0 {
		t.timeout = 10 * time.Second
	}
	if t.retries == 0 {
		t.retries = 4
	}
	if t.http == nil {
		t.http = http.DefaultClient
	}
	return t
}

func get[Answer any](ctx context.Context, t *transport, path string, options []CallOption) (*Answer, error) {
	return call[Answer](ctx, t, "GET", path, nil, options)
}

// call sends a request of the API, with body as its JSON unless nil, and reads the answer.
func call[Answer any](ctx context.Context, t *transport, method, path string, body any, options []CallOption) (*Answer, error) {
	text, err := t.send(ctx, method, path, body, options)
	if err != nil {
		return nil, err
	}
	answer := new(Answer)
	if len(text) == 0 {
		return answer, nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return nil, fmt.Errorf("the answer of %s %s is not of the API's form: %w", method, path, err)
	}
	return answer, nil
}

func remove(ctx context.Context, t *transport, path string, options []CallOption) error {
	_, err := t.send(ctx, "DELETE", path, nil, options)
	return err
}

func (t *transport) send(ctx context.Context, method, path string, body any, options []CallOption) ([]byte, error) {
	given := callOptions{timeout: t.timeout}
	for _, option := range options {
		option(&given)
	}
	content, err := contentOf(body, given.nulls)
	if err != nil {
		return nil, err
	}
	if given.idempotencyKey == "" {
		given.idempotencyKey = rand.Text()
	}
	for retry := 0; ; retry++ {
		answer, wait, err := t.sendOnce(ctx, method, t.base+path, content, given)
		if err == nil {
			return answer, nil
		}
		if retry >= t.retries || wait == never {
			return nil, err
		}
		if wait == 0 {
			wait = backoff(retry)
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// sendOnce answers the body of a success, or an error and how long to wait before the request is sent again: 0 if the server did not
// say how long.
func (t *transport) sendOnce(ctx context.Context, method, address string, content []byte, given callOptions) ([]byte, time.Duration, error) {
	timed, cancel := context.WithTimeoutCause(ctx, given.timeout, errTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(timed, method, address, bytes.NewReader(content))
	if err != nil {
		return nil, never, err
	}
	request.Header.Set("X-API-Key", t.apiKey)
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if method != "GET" {
		request.Header.Set("Idempotency-Key", given.idempotencyKey)
	}
	response, text, err := t.exchange(request)
	if ctx.Err() != nil {
		return nil, never, context.Cause(ctx)
	}
	if err != nil {
		return nil, 0, unreachable(timed, address, given.timeout, err)
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		if len(text) > 0 && !json.Valid(text) {
			return nil, 0, unreachable(timed, address, given.timeout, errNoJSON)
		}
		return text, 0, nil
	}
	refused := newAPIError(response, text)
	return nil, waitAfter(refused), refused.typed()
}

func (t *transport) exchange(request *http.Request) (*http.Response, []byte, error) {
	response, err := t.http.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/x-ndjson") {
		text = listOf(text)
	}
	return response, text, err
}

// listOf makes one JSON list of the lines of NDJSON.
func listOf(lines []byte) []byte {
	items := bytes.ReplaceAll(bytes.TrimRight(lines, "\n"), []byte("\n"), []byte(","))
	return slices.Concat([]byte("["), items, []byte("]"))
}

func unreachable(timed context.Context, address string, timeout time.Duration, cause error) error {
	why := fmt.Sprintf("(%s)", cause)
	if context.Cause(timed) == errTimeout {
		why = fmt.Sprintf("within %s", timeout)
	}
	path, _, _ := strings.Cut(address, "?")
	return &UnreachableError{Message: fmt.Sprintf("%s gave no answer %s", path, why), Cause: cause}
}

// A 409 with Retry-After: the first request under this Idempotency-Key still runs.
func waitAfter(refused *APIError) time.Duration {
	status, wait := refused.Status(), time.Duration(0)
	mayPass := status == 429 || status >= 500 && status != http.StatusLoopDetected
	if refused.RetryAfter != nil {
		mayPass, wait = true, *refused.RetryAfter
	}
	if !mayPass || wait > maxWait {
		return never
	}
	return wait
}

// backoff is spread, so that many clients do not come back at the same moment.
func backoff(retry int) time.Duration {
	wait := min(firstWait<<min(retry, 10), maxBackoff)
	return wait/2 + mathrand.N(wait/2)
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// contentOf answers the JSON of a body, with null for the named fields.
func contentOf(body any, nulls []string) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	if len(nulls) > 0 {
		fields, err := fieldsOf[any](body)
		if err != nil {
			return nil, err
		}
		for _, name := range nulls {
			fields[name] = nil
		}
		body = fields
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, err
	}
	return bytes.TrimRight(text.Bytes(), "\n"), nil
}

func fieldsOf[Value any](body any) (map[string]Value, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	fields := map[string]Value{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return fields, decoder.Decode(&fields)
}

// withQuery appends the filters that are given; a list goes out as its parameter several times.
func withQuery(path string, filters any, cursor string) (string, error) {
	fields, err := fieldsOf[any](filters)
	if err != nil {
		return "", err
	}
	query := url.Values{}
	for name, value := range fields {
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		for _, each := range values {
			query.Add(name, fmt.Sprint(each))
		}
	}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	if len(query) == 0 {
		return path, nil
	}
	return path + "?" + query.Encode(), nil
}

func at(path string, segments ...string) string {
	for _, segment := range segments {
		path += "/" + url.PathEscape(segment)
	}
	return path
}
