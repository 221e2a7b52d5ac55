package punctual

import (
	"context"
	"encoding/json"
	"math"
	"time"
)

const (
	// One request waits so many seconds at most.
	mostWait int64 = 4
	// A request that does not wait, since others of the project do, is not repeated sooner.
	askAgain = time.Second
)

// Tasks are one execution each of something to send.
type Tasks struct{ transport *transport }

// Create sends a payload to an endpoint or a URL: now, at RunAt, or DelaySeconds from now.
func (g Tasks) Create(ctx context.Context, task NewTask, options ...CallOption) (*TaskRunWithPayload, error) {
	return call[TaskRunWithPayload](ctx, g.transport, "POST", "/v1/tasks", task, options)
}

// Batch creates up to 100 tasks, each accepted or refused by itself: look at the Status of each result.
func (g Tasks) Batch(ctx context.Context, tasks []NewTask, options ...CallOption) (*TaskResults, error) {
	return call[TaskResults](ctx, g.transport, "POST", "/v1/tasks/batch", NewTaskBatch{Tasks: tasks}, options)
}

func (g Tasks) Get(ctx context.Context, id string, options ...CallOption) (*TaskRunWithAttempts, error) {
	return get[TaskRunWithAttempts](ctx, g.transport, at("/v1/tasks", id), options)
}

func (g Tasks) List(ctx context.Context, filters ListTasksQuery, options ...CallOption) Pages[TaskRun] {
	return list[TaskRun](ctx, g.transport, "/v1/tasks", filters, options)
}

// Cancel ends a run that has not ended; if it succeeds meanwhile, the success wins.
func (g Tasks) Cancel(ctx context.Context, id string, options ...CallOption) (*TaskRunWithPayload, error) {
	return call[TaskRunWithPayload](ctx, g.transport, "POST", at("/v1/tasks", id, "cancel"), nil, options)
}

// CancelAll cancels all that the filters match, or up to 100 ids, in the background.
func (g Tasks) CancelAll(ctx context.Context, filters NewBulkCancel, options ...CallOption) (*BulkJob, error) {
	return call[BulkJob](ctx, g.transport, "POST", "/v1/tasks/cancel", filters, options)
}

// CancelAllDryRun answers how many runs CancelAll would mean.
func (g Tasks) CancelAllDryRun(ctx context.Context, filters NewBulkCancel, options ...CallOption) (*BulkCount, error) {
	filters.DryRun = Ptr(true)
	return call[BulkCount](ctx, g.transport, "POST", "/v1/tasks/cancel", filters, options)
}

// Resend sends an ended run again as a new run, with a changed payload, headers or endpoint if given.
func (g Tasks) Resend(ctx context.Context, id string, changes Resending, options ...CallOption) (*TaskRunWithPayload, error) {
	return call[TaskRunWithPayload](ctx, g.transport, "POST", at("/v1/tasks", id, "resend"), changes, options)
}

// Wait waits until the run has ended, or so long, and answers it: look at its Status.
func (g Tasks) Wait(ctx context.Context, id string, long time.Duration, options ...CallOption) (*TaskRunWithAttempts, error) {
	for until := time.Now().Add(long); ; {
		asked := time.Now()
		seconds := max(1, min(mostWait, int64(math.Ceil(until.Sub(asked).Seconds()))))
		path, err := withQuery(at("/v1/tasks", id, "wait"), AwaitTaskQuery{TimeoutSeconds: &seconds}, "")
		if err != nil {
			return nil, err
		}
		run, err := get[TaskRunWithAttempts](ctx, g.transport, path, options)
		left := time.Until(until)
		if err != nil || run.FinishedAt != nil || left <= 0 {
			return run, err
		}
		if err := sleep(ctx, min(left, askAgain-time.Since(asked))); err != nil {
			return nil, err
		}
	}
}

// Redact removes the content of an ended run for good.
func (g Tasks) Redact(ctx context.Context, id string, options ...CallOption) (*TaskRunWithAttempts, error) {
	return call[TaskRunWithAttempts](ctx, g.transport, "POST", at("/v1/tasks", id, "redact"), nil, options)
}

// Events are why to send: a named event makes a task run for every endpoint that listens.
type Events struct{ transport *transport }

// Publish makes a task run for every endpoint that listens to the event.
func (g Events) Publish(ctx context.Context, event NewEvent, options ...CallOption) (*EventWithPayload, error) {
	return call[EventWithPayload](ctx, g.transport, "POST", "/v1/events", event, options)
}

// Batch publishes up to 100 events, each accepted or refused by itself: look at the Status of each result.
func (g Events) Batch(ctx context.Context, events []NewEvent, options ...CallOption) (*EventResults, error) {
	return call[EventResults](ctx, g.transport, "POST", "/v1/events/batch", NewEventBatch{Events: events}, options)
}

func (g Events) Get(ctx context.Context, id string, options ...CallOption) (*EventWithTasks, error) {
	return get[EventWithTasks](ctx, g.transport, at("/v1/events", id), options)
}

func (g Events) List(ctx context.Context, filters ListEventsQuery, options ...CallOption) Pages[Event] {
	return list[Event](ctx, g.transport, "/v1/events", filters, options)
}

// Endpoints are where to send.
type Endpoints struct{ transport *transport }

// Create answers SigningSecret this once.
func (g Endpoints) Create(ctx context.Context, endpoint NewEndpoint, options ...CallOption) (*EndpointWithSecret, error) {
	return call[EndpointWithSecret](ctx, g.transport, "POST", "/v1/endpoints", endpoint, options)
}

func (g Endpoints) Get(ctx context.Context, id string, options ...CallOption) (*Endpoint, error) {
	return get[Endpoint](ctx, g.transport, at("/v1/endpoints", id), options)
}

func (g Endpoints) List(ctx context.Context, filters ListEndpointsQuery, options ...CallOption) Pages[Endpoint] {
	return list[Endpoint](ctx, g.transport, "/v1/endpoints", filters, options)
}

// Update changes the given fields; [Null] gives a field its default back. Status "paused" pauses.
func (g Endpoints) Update(ctx context.Context, id string, changes EndpointPatch, options ...CallOption) (*Endpoint, error) {
	return call[Endpoint](ctx, g.transport, "PATCH", at("/v1/endpoints", id), changes, options)
}

func (g Endpoints) Delete(ctx context.Context, id string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/endpoints", id), options)
}

// Put creates the endpoint of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default. SigningSecret is there only in the answer to the creation.
func (g Endpoints) Put(ctx context.Context, key string, endpoint PutEndpoint, options ...CallOption) (*EndpointWithSecret, error) {
	return call[EndpointWithSecret](ctx, g.transport, "PUT", at("/v1/endpoints/by-name", key), endpoint, options)
}

func (g Endpoints) GetByKey(ctx context.Context, key string, options ...CallOption) (*Endpoint, error) {
	return get[Endpoint](ctx, g.transport, at("/v1/endpoints/by-name", key), options)
}

func (g Endpoints) DeleteByKey(ctx context.Context, key string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/endpoints/by-name", key), options)
}

// RotateSecret answers a new secret; the replaced one signs GraceSeconds longer, a day unless given.
func (g Endpoints) RotateSecret(ctx context.Context, id string, rotation Rotation, options ...CallOption) (*EndpointWithSecret, error) {
	return call[EndpointWithSecret](ctx, g.transport, "POST", at("/v1/endpoints", id, "rotate-secret"), rotation, options)
}

// Test sends a signed sample.
func (g Endpoints) Test(ctx context.Context, id string, options ...CallOption) (*EndpointTest, error) {
	return call[EndpointTest](ctx, g.transport, "POST", at("/v1/endpoints", id, "test"), nil, options)
}

// Recover replays the endpoint's open dead letters.
func (g Endpoints) Recover(ctx context.Context, id string, recovery Recovery, options ...CallOption) (*BulkReplay, error) {
	return call[BulkReplay](ctx, g.transport, "POST", at("/v1/endpoints", id, "recover"), recovery, options)
}

// Schedules are when to send: by a cron expression in a time zone, or at one moment.
type Schedules struct{ transport *transport }

func (g Schedules) Create(ctx context.Context, schedule NewSchedule, options ...CallOption) (*ScheduleWithPayload, error) {
	return call[ScheduleWithPayload](ctx, g.transport, "POST", "/v1/schedules", schedule, options)
}

func (g Schedules) Get(ctx context.Context, id string, options ...CallOption) (*ScheduleWithPayload, error) {
	return get[ScheduleWithPayload](ctx, g.transport, at("/v1/schedules", id), options)
}

func (g Schedules) List(ctx context.Context, filters ListSchedulesQuery, options ...CallOption) Pages[Schedule] {
	return list[Schedule](ctx, g.transport, "/v1/schedules", filters, options)
}

// Update changes the given fields; [Null] gives a field its default back. Status "paused" pauses.
func (g Schedules) Update(ctx context.Context, id string, changes SchedulePatch, options ...CallOption) (*ScheduleWithPayload, error) {
	return call[ScheduleWithPayload](ctx, g.transport, "PATCH", at("/v1/schedules", id), changes, options)
}

func (g Schedules) Delete(ctx context.Context, id string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/schedules", id), options)
}

// Put creates the schedule of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default.
func (g Schedules) Put(ctx context.Context, key string, schedule PutSchedule, options ...CallOption) (*ScheduleWithPayload, error) {
	return call[ScheduleWithPayload](ctx, g.transport, "PUT", at("/v1/schedules/by-name", key), schedule, options)
}

func (g Schedules) GetByKey(ctx context.Context, key string, options ...CallOption) (*ScheduleWithPayload, error) {
	return get[ScheduleWithPayload](ctx, g.transport, at("/v1/schedules/by-name", key), options)
}

func (g Schedules) DeleteByKey(ctx context.Context, key string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/schedules/by-name", key), options)
}

// Run makes a task run of the schedule now, beside its own.
func (g Schedules) Run(ctx context.Context, id string, options ...CallOption) (*TaskRunWithPayload, error) {
	return call[TaskRunWithPayload](ctx, g.transport, "POST", at("/v1/schedules", id, "run"), nil, options)
}

func (g Schedules) Runs(ctx context.Context, id string, filters ListScheduleRunsQuery, options ...CallOption) Pages[TaskRun] {
	return list[TaskRun](ctx, g.transport, at("/v1/schedules", id, "runs"), filters, options)
}

// Backfill makes the runs of past occurrences that have none, or counts them (DryRun).
func (g Schedules) Backfill(ctx context.Context, id string, backfill NewBackfill, options ...CallOption) (*Backfill, error) {
	return call[Backfill](ctx, g.transport, "POST", at("/v1/schedules", id, "backfill"), backfill, options)
}

// Preview answers what an expression means, and its next moments.
func (g Schedules) Preview(ctx context.Context, request SchedulePreviewRequest, options ...CallOption) (*SchedulePreview, error) {
	return call[SchedulePreview](ctx, g.transport, "POST", "/v1/schedules/preview", request, options)
}

// RetryPolicies say how often, and how long after a failure, a call is tried again.
type RetryPolicies struct{ transport *transport }

func (g RetryPolicies) Create(ctx context.Context, retryPolicy NewRetryPolicy, options ...CallOption) (*RetryPolicy, error) {
	return call[RetryPolicy](ctx, g.transport, "POST", "/v1/retry-policies", retryPolicy, options)
}

func (g RetryPolicies) Get(ctx context.Context, id string, options ...CallOption) (*RetryPolicy, error) {
	return get[RetryPolicy](ctx, g.transport, at("/v1/retry-policies", id), options)
}

func (g RetryPolicies) List(ctx context.Context, filters ListRetryPoliciesQuery, options ...CallOption) Pages[RetryPolicy] {
	return list[RetryPolicy](ctx, g.transport, "/v1/retry-policies", filters, options)
}

// Update changes the given fields; [Null] gives a field its default back.
func (g RetryPolicies) Update(ctx context.Context, id string, changes RetryPolicyPatch, options ...CallOption) (*RetryPolicy, error) {
	return call[RetryPolicy](ctx, g.transport, "PATCH", at("/v1/retry-policies", id), changes, options)
}

func (g RetryPolicies) Delete(ctx context.Context, id string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/retry-policies", id), options)
}

// Put creates the retry policy of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default.
func (g RetryPolicies) Put(ctx context.Context, key string, retryPolicy PutRetryPolicy, options ...CallOption) (*RetryPolicy, error) {
	return call[RetryPolicy](ctx, g.transport, "PUT", at("/v1/retry-policies/by-name", key), retryPolicy, options)
}

func (g RetryPolicies) GetByKey(ctx context.Context, key string, options ...CallOption) (*RetryPolicy, error) {
	return get[RetryPolicy](ctx, g.transport, at("/v1/retry-policies/by-name", key), options)
}

func (g RetryPolicies) DeleteByKey(ctx context.Context, key string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/retry-policies/by-name", key), options)
}

// Deliveries are all calls that were made.
type Deliveries struct{ transport *transport }

func (g Deliveries) Get(ctx context.Context, id string, options ...CallOption) (*DeliveryAttempt, error) {
	return get[DeliveryAttempt](ctx, g.transport, at("/v1/deliveries", id), options)
}

func (g Deliveries) List(ctx context.Context, filters ListDeliveriesQuery, options ...CallOption) Pages[DeliveryAttempt] {
	return list[DeliveryAttempt](ctx, g.transport, "/v1/deliveries", filters, options)
}

// RetryJobs are task runs that wait for their next attempt.
type RetryJobs struct{ transport *transport }

func (g RetryJobs) Get(ctx context.Context, id string, options ...CallOption) (*RetryJob, error) {
	return get[RetryJob](ctx, g.transport, at("/v1/retry-jobs", id), options)
}

func (g RetryJobs) List(ctx context.Context, filters ListRetryJobsQuery, options ...CallOption) Pages[RetryJob] {
	return list[RetryJob](ctx, g.transport, "/v1/retry-jobs", filters, options)
}

// Run makes the next attempt now.
func (g RetryJobs) Run(ctx context.Context, id string, options ...CallOption) (*TaskRunWithPayload, error) {
	return call[TaskRunWithPayload](ctx, g.transport, "POST", at("/v1/retry-jobs", id, "run"), nil, options)
}

// GiveUp gives the run up: it becomes a dead letter.
func (g RetryJobs) GiveUp(ctx context.Context, id string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/retry-jobs", id), options)
}

// DeadLetters are task runs that will not be tried again by themselves.
type DeadLetters struct{ transport *transport }

func (g DeadLetters) Get(ctx context.Context, id string, options ...CallOption) (*DeadLetterWithPayload, error) {
	return get[DeadLetterWithPayload](ctx, g.transport, at("/v1/dead-letters", id), options)
}

func (g DeadLetters) List(ctx context.Context, filters ListDeadLettersQuery, options ...CallOption) Pages[DeadLetter] {
	return list[DeadLetter](ctx, g.transport, "/v1/dead-letters", filters, options)
}

// Replay delivers the run again, with all attempts of its policy and under the same webhook-id.
func (g DeadLetters) Replay(ctx context.Context, id string, options ...CallOption) (*TaskRunWithPayload, error) {
	return call[TaskRunWithPayload](ctx, g.transport, "POST", at("/v1/dead-letters", id, "replay"), nil, options)
}

// ReplayAll replays all that the filters match, or up to 100 ids, in the background.
func (g DeadLetters) ReplayAll(ctx context.Context, filters NewBulkReplay, options ...CallOption) (*BulkReplay, error) {
	return call[BulkReplay](ctx, g.transport, "POST", "/v1/dead-letters/replay", filters, options)
}

// ReplayAllDryRun answers how many dead letters ReplayAll would mean.
func (g DeadLetters) ReplayAllDryRun(ctx context.Context, filters NewBulkReplay, options ...CallOption) (*BulkCount, error) {
	filters.DryRun = Ptr(true)
	return call[BulkCount](ctx, g.transport, "POST", "/v1/dead-letters/replay", filters, options)
}

// ReplayJob answers how far a bulk replay has come.
func (g DeadLetters) ReplayJob(ctx context.Context, id string, options ...CallOption) (*BulkReplay, error) {
	return get[BulkReplay](ctx, g.transport, at("/v1/dead-letters/replays", id), options)
}

// Resolve closes the dead letter without a call; Note says why.
func (g DeadLetters) Resolve(ctx context.Context, id string, resolution Resolution, options ...CallOption) (*DeadLetterWithPayload, error) {
	return call[DeadLetterWithPayload](ctx, g.transport, "POST", at("/v1/dead-letters", id, "resolve"), resolution, options)
}

// ResolveAll closes all that the filters match, or up to 100 ids, in the background; Note says why.
func (g DeadLetters) ResolveAll(ctx context.Context, filters NewBulkResolution, options ...CallOption) (*BulkJob, error) {
	return call[BulkJob](ctx, g.transport, "POST", "/v1/dead-letters/resolve", filters, options)
}

// ResolveAllDryRun answers how many dead letters ResolveAll would mean.
func (g DeadLetters) ResolveAllDryRun(ctx context.Context, filters NewBulkResolution, options ...CallOption) (*BulkCount, error) {
	filters.DryRun = Ptr(true)
	return call[BulkCount](ctx, g.transport, "POST", "/v1/dead-letters/resolve", filters, options)
}

// Listeners are developers' machines that get the calls of endpoints in place of their URLs, as "punctual listen" does.
type Listeners struct{ transport *transport }

// Start makes a listener for up to 20 endpoints. It ends a minute after it last took requests.
func (g Listeners) Start(ctx context.Context, endpointIDs []string, options ...CallOption) (*Listener, error) {
	return call[Listener](ctx, g.transport, "POST", "/v1/listeners", NewListener{EndpointIds: endpointIDs}, options)
}

func (g Listeners) Get(ctx context.Context, id string, options ...CallOption) (*Listener, error) {
	return get[Listener](ctx, g.transport, at("/v1/listeners", id), options)
}

// List answers all listeners of the project.
func (g Listeners) List(ctx context.Context, options ...CallOption) (*ListenerList, error) {
	return get[ListenerList](ctx, g.transport, "/v1/listeners", options)
}

// Take waits some seconds for the first request; each is given once. What is taken must be answered.
func (g Listeners) Take(ctx context.Context, id string, options ...CallOption) (*ListenerRequestList, error) {
	return get[ListenerRequestList](ctx, g.transport, at("/v1/listeners", id, "requests"), options)
}

// Answer tells the receiver's answer, or why there is none (Error: "ECONNREFUSED"): the outcome of the attempt.
func (g Listeners) Answer(ctx context.Context, id, request string, answer ListenerAnswer, options ...CallOption) error {
	_, err := g.transport.send(ctx, "POST", at("/v1/listeners", id, "requests", request, "answer"), answer, options)
	return err
}

// End has the URLs called again.
func (g Listeners) End(ctx context.Context, id string, options ...CallOption) error {
	return remove(ctx, g.transport, at("/v1/listeners", id), options)
}

// EndpointTest is the attempt of a sample, or its run if the attempt takes longer than a few seconds; the other one is nil.
type EndpointTest struct {
	Attempt *DeliveryAttempt
	Run     *TaskRunWithPayload
}

// UnmarshalJSON tells an attempt by its task_id.
func (t *EndpointTest) UnmarshalJSON(text []byte) error {
	var attempt struct {
		TaskID string `json:"task_id"`
	}
	if err := json.Unmarshal(text, &attempt); err != nil {
		return err
	}
	if attempt.TaskID != "" {
		return json.Unmarshal(text, &t.Attempt)
	}
	return json.Unmarshal(text, &t.Run)
}
