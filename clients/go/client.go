// Package punctual calls the API of Punctual, and verifies the calls that Punctual makes.
package punctual

import (
	"context"
	"net/http"
	"time"
)

// Options say which API is called, and how.
type Options struct {
	// URL is the API's address: https://….execute-api.….amazonaws.com, or http://127.0.0.1:8787 of a local stack.
	URL string
	// APIKey is a project's key, sk_….
	APIKey string
	// Timeout is the longest time of one HTTP request. 10 seconds unless given.
	Timeout time.Duration
	// Retries says how often a request is sent again after a network error, a 429 or a 5xx. 4 unless given; a negative number is none.
	Retries int
	// HTTPClient is used in place of http.DefaultClient.
	HTTPClient *http.Client
}

// Client is the API of Punctual, as one project's key sees it. Fields have the names that the API gives them.
//
// Every call may answer an error: one of the types of an [APIError] if the API refused it, an [UnreachableError] if no answer came,
// or the cause of its context's end. A Client may be used by several goroutines at the same time.
type Client struct {
	Tasks         Tasks
	Events        Events
	Endpoints     Endpoints
	Schedules     Schedules
	RetryPolicies RetryPolicies
	Deliveries    Deliveries
	RetryJobs     RetryJobs
	DeadLetters   DeadLetters
	Listeners     Listeners
	transport     *transport
}

// New makes a client; it makes no call.
func New(options Options) *Client {
	t := newTransport(options)
	return &Client{
		Tasks: Tasks{t}, Events: Events{t}, Endpoints: Endpoints{t}, Schedules: Schedules{t}, RetryPolicies: RetryPolicies{t},
		Deliveries: Deliveries{t}, RetryJobs: RetryJobs{t}, DeadLetters: DeadLetters{t}, Listeners: Listeners{t},
		transport: t,
	}
}

// Search answers up to 20 objects by the begin of an id, a key, a name or a label, or by a whole event key or Idempotency-Key.
func (c *Client) Search(ctx context.Context, q string, options ...CallOption) ([]Found, error) {
	path, err := withQuery("/v1/search", SearchObjectsQuery{Q: q}, "")
	if err != nil {
		return nil, err
	}
	found, err := get[FoundList](ctx, c.transport, path, options)
	if err != nil {
		return nil, err
	}
	return found.Data, nil
}

// BulkJob answers how far a bulk replay, resolution or cancellation has come.
func (c *Client) BulkJob(ctx context.Context, id string, options ...CallOption) (*BulkJob, error) {
	return get[BulkJob](ctx, c.transport, at("/v1/bulk-jobs", id), options)
}

// Usage answers the project's quotas, and what it has used of them.
func (c *Client) Usage(ctx context.Context, options ...CallOption) (*Usage, error) {
	return get[Usage](ctx, c.transport, "/v1/usage", options)
}

// Int makes a pointer of a whole number, for fields that may be absent: Int(5_000).
func Int(number int64) *int64 {
	return &number
}

// Ptr makes a pointer of another value: Ptr(0.5), Ptr(true).
func Ptr[Value any](value Value) *Value {
	return &value
}

// CallOption changes one call.
type CallOption func(*callOptions)

type callOptions struct {
	timeout        time.Duration
	idempotencyKey string
	nulls          []string
}

// IdempotencyKey makes one thing of all calls under the same key within 24 hours, also after your process died: make it from your
// own data. Without it each call has a fresh key, the same for its retries.
func IdempotencyKey(key string) CallOption {
	return func(options *callOptions) { options.idempotencyKey = key }
}

// Timeout is the longest time of one HTTP request of this call. The context ends the call with its retries.
func Timeout(timeout time.Duration) CallOption {
	return func(options *callOptions) { options.timeout = timeout }
}

// Null sends null for these fields of a change, by their names in the API: it gives a field its default back.
func Null(fields ...string) CallOption {
	return func(options *callOptions) { options.nulls = append(options.nulls, fields...) }
}
