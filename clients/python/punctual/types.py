# Made by npm run clients:types of the OpenAPI document d6e1aa536603c2ec; not to be edited.

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from ._typing import NotRequired, TypedDict

AttemptStatus: TypeAlias = Literal['success', 'failed', 'timed_out', 'blocked', 'cancelled']


class AttemptTimings(TypedDict):
    dns: NotRequired[int]
    connect: NotRequired[int]
    tls: NotRequired[int]
    first_byte: NotRequired[int]


class AwaitTaskQuery(TypedDict):
    timeout_seconds: NotRequired[int]
    """
    How long to wait; 4 by default.
    """


class Backfill(TypedDict):
    occurrences: int
    """
    Occurrences that were looked at: the 100 oldest of the span at most.
    """

    missed: int
    """
    Those without a task run, of which runs were made; with dry_run, would be.
    """

    dry_run: bool
    """
    Only count: change nothing.
    """

    next_from: str | None
    """
    The `from` of the next request, if the span has more occurrences.
    """


BulkAction: TypeAlias = Literal['replay', 'resolve', 'cancel']


class BulkCount(TypedDict):
    dry_run: Literal[True]
    """
    Only count: change nothing.
    """

    count: int
    """
    How many the request means now.
    """

    is_complete: bool
    """
    If not, there may be more: only so many were looked through.
    """


BulkReplayStatus: TypeAlias = Literal['running', 'completed']


DeadLetterStatus: TypeAlias = Literal['open', 'replayed', 'resolved']


DeadReason: TypeAlias = Literal['attempts_exhausted', 'non_retryable', 'blocked', 'endpoint_disabled', 'given_up', 'over_quota', 'worker_failure']


EventFilter: TypeAlias = str


EndpointStatus: TypeAlias = Literal['active', 'paused', 'disabled']


class ErrorDetails(TypedDict):
    code: str
    message: str


EventStatus: TypeAlias = Literal['pending', 'completed']


class EventWithPayload(TypedDict):
    id: str
    project_id: str
    event_name: str
    event_key: str | None
    """
    The business's own key: searchable, sent along, no deduplication.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: EventStatus
    created_at: str
    payload: Any
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    redacted_at: str | None
    """
    When its content was removed: payload, headers and answers. Null if it was not.
    """


class Fault(TypedDict):
    pointer: str
    """
    A JSON pointer into the body, or the name of a query parameter or header.
    """

    message: str


class FeedEnd(TypedDict):
    cursor: str
    """
    For the next page. It does not expire.
    """

    more: bool
    """
    There is more to read at once.
    """


class FeedPage(TypedDict):
    type: Literal['page']
    data: FeedEnd


FoundBy: TypeAlias = Literal['id', 'key', 'name', 'label', 'event_key', 'idempotency_key']


FoundKind: TypeAlias = Literal['endpoint', 'retry_policy', 'schedule', 'task', 'event', 'delivery', 'dead_letter', 'bulk_job']


class GatewayMessage(TypedDict):
    message: str


HttpMethod: TypeAlias = Literal['POST', 'GET', 'PUT', 'PATCH', 'DELETE']


LambdaInvocation: TypeAlias = Literal['RequestResponse', 'Event']


class ListDeadLettersQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    reason: NotRequired[DeadReason]
    status: NotRequired[DeadLetterStatus]


class ListDeliveriesQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    task_id: NotRequired[str]
    status: NotRequired[AttemptStatus]


class ListEndpointsQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    name: NotRequired[str]
    """
    The whole name.
    """


class ListEventsQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    event_name: NotRequired[str]
    event_key: NotRequired[str]
    """
    The business's own key: searchable, sent along, no deduplication.
    """

    label: NotRequired[list[str]]
    """
    key:value. Given several times: all of them.
    """


class ListRetryJobsQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """


class ListRetryPoliciesQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """


class ListSchedulesQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    name: NotRequired[str]
    """
    The whole name.
    """

    label: NotRequired[list[str]]
    """
    key:value. Given several times: all of them.
    """


class Listener(TypedDict):
    id: str
    endpoint_ids: list[str]
    """
    Endpoints whose target is a URL, up to 20.
    """

    expires_at: str
    """
    The listener ends then, unless it asks for requests before.
    """


class ListenerAnswer(TypedDict):
    status: NotRequired[int]
    """
    Of the receiver’s answer: it counts as if the URL had answered.
    """

    headers: NotRequired[dict[str, str]]
    """
    Of the receiver’s answer. Few KB are kept.
    """

    body: NotRequired[str]
    """
    Of the receiver’s answer. The first 4 KB are kept.
    """

    error: NotRequired[str]
    """
    Why the receiver gave no answer, as the code of Node: ECONNREFUSED, ECONNRESET, ETIMEDOUT.
    """


class ListenerList(TypedDict):
    data: list[Listener]


class ListenerRequest(TypedDict):
    id: str
    """
    Of this call, as in its header Punctual-Request-Id.
    """

    task_id: str
    endpoint_id: str
    """
    An endpoint; what has none calls an inline target.
    """

    attempt: int
    name: str | None
    """
    Name of the event, or of the task run.
    """

    method: str
    url: str
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    headers: dict[str, str]
    """
    All that the receiver would get, with the signature, but for what frames the request.
    """

    body: str
    """
    Sent byte for byte: as JSON where it is an object or array, else as text, unless the headers name another Content-Type.
    """

    expires_at: str
    """
    The attempt times out then: an answer that comes later is refused.
    """


class ListenerRequestList(TypedDict):
    data: list[ListenerRequest]


MisfirePolicy: TypeAlias = Literal['fire_once', 'skip']


Moment: TypeAlias = str | float | datetime


NewBackfill = TypedDict(
    'NewBackfill',
    {
        'from': Moment,
        'to': NotRequired[Moment],
        'dry_run': NotRequired[bool],
    },
)


class NewBulkCancel(TypedDict):
    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    schedule_id: NotRequired[str]
    event_id: NotRequired[str]
    event_key: NotRequired[str]
    """
    The business's own key: searchable, sent along, no deduplication.
    """

    labels: NotRequired[dict[str, str]]
    """
    Runs that have all of these.
    """

    since: NotRequired[Moment]
    """
    Made at this moment or later.
    """

    until: NotRequired[Moment]
    """
    Made at this moment or earlier; now at the latest.
    """

    ids: NotRequired[list[str]]
    """
    Up to 100, in place of a filter.
    """

    dry_run: NotRequired[bool]
    """
    Only count: change nothing. By default false.
    """


class NewBulkReplay(TypedDict):
    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    since: NotRequired[Moment]
    """
    Died at this moment or later.
    """

    until: NotRequired[Moment]
    """
    Died at this moment or earlier.
    """

    reason: NotRequired[DeadReason]
    ids: NotRequired[list[str]]
    """
    Up to 100, in place of a filter.
    """

    dry_run: NotRequired[bool]
    """
    Only count: change nothing. By default false.
    """


class NewBulkResolution(TypedDict):
    note: str
    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    since: NotRequired[Moment]
    """
    Died at this moment or later.
    """

    until: NotRequired[Moment]
    """
    Died at this moment or earlier.
    """

    reason: NotRequired[DeadReason]
    ids: NotRequired[list[str]]
    """
    Up to 100, in place of a filter.
    """

    dry_run: NotRequired[bool]
    """
    Only count: change nothing. By default false.
    """


class NewEvent(TypedDict):
    event_name: str
    event_key: NotRequired[str]
    """
    The business's own key: searchable, sent along, no deduplication.
    """

    labels: NotRequired[dict[str, str]]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    payload: NotRequired[Any]
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """


class NewEventBatch(TypedDict):
    events: list[NewEvent]


class NewListener(TypedDict):
    endpoint_ids: list[str]
    """
    Endpoints whose target is a URL, up to 20.
    """


DelaysSecond: TypeAlias = float


OverlapPolicy: TypeAlias = Literal['skip', 'allow', 'cancel_previous']


QuotaName: TypeAlias = Literal['requests_per_minute', 'runs_per_day', 'waiting_runs', 'stored_bytes', 'endpoints', 'schedules', 'bulk_jobs', 'endpoint_tests']


class QuotaUsage(TypedDict):
    limit: int
    used: int
    """
    Of a window, up to ten minutes or a tenth of the quota behind. Of waiting runs, what has ended for up to a minute is in it.
    """

    resets_at: str | None
    """
    When the window of the quota ends; null where there is none.
    """


class Recovery(TypedDict):
    since: Moment
    """
    Died at this moment or later.
    """

    until: NotRequired[Moment]
    """
    Died at this moment or earlier.
    """


class Resending(TypedDict):
    payload: NotRequired[Any]
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    endpoint_id: NotRequired[str]
    """
    Instead of the run's endpoint or inline target.
    """

    headers: NotRequired[dict[str, str]]
    """
    Of the inline target; replaced whole, but *** keeps the value of that header.
    """


class Resolution(TypedDict):
    note: str


RetryJitter: TypeAlias = Literal['none', 'full']


class RetryJob(TypedDict):
    id: str
    project_id: str
    task_id: str
    name: str | None
    """
    1 to 200 characters, without control characters.
    """

    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    attempt: int
    run_at: str
    """
    When its call is due.
    """

    last_error: ErrorDetails | None


class RetryJobList(TypedDict):
    data: list[RetryJob]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


RetryStrategy: TypeAlias = Literal['fixed', 'linear', 'exponential', 'custom']


class Rotation(TypedDict):
    signing_secret: NotRequired[str]
    """
    Signs what is sent (Standard Webhooks: the bytes that whsec_ and base64 name, of any other text its own), or for a key the requests; shown this once.
    """

    grace_seconds: NotRequired[int]
    """
    How long the secret before still signs as well. By default 86400.
    """


RunSourceType: TypeAlias = Literal['api', 'schedule', 'event', 'manual', 'notification', 'test']


RunStatus: TypeAlias = Literal['pending', 'running', 'retry_scheduled', 'success', 'dead_letter', 'cancelled', 'skipped']


class SchedulePreview(TypedDict):
    description: str
    next: list[str]
    shifted: list[str]
    """
    Those of the occurrences that a change of the clocks moved.
    """


SchedulePreviewRequest = TypedDict(
    'SchedulePreviewRequest',
    {
        'cron': str,
        'timezone': NotRequired[str],
        'from': NotRequired[Moment],
        'count': NotRequired[int],
    },
)


ScheduleStatus: TypeAlias = Literal['active', 'paused', 'completed', 'deleted']


class SearchObjectsQuery(TypedDict):
    q: NotRequired[str]
    """
    The begin of an id with its prefix (run_0199), of a key, of a name, or of a label (customer:4); a whole event_key or Idempotency-Key.
    """


class TakeListenerRequestsQuery(TypedDict):
    timeout_seconds: NotRequired[int]
    """
    How long to wait for the first one; 4 by default.
    """


TargetType: TypeAlias = Literal['sqs', 'sns', 'eventbridge', 'lambda', 'stepfunctions']


class Quotas(TypedDict):
    requests_per_minute: QuotaUsage
    """
    Requests with keys of the project.
    """

    runs_per_day: QuotaUsage
    """
    Task runs, events with their first run, and replays, from midnight to midnight UTC.
    """

    waiting_runs: QuotaUsage
    """
    Task runs that have not ended.
    """

    stored_bytes: QuotaUsage
    endpoints: QuotaUsage
    schedules: QuotaUsage
    bulk_jobs: QuotaUsage
    """
    Bulk replays, resolutions and cancellations at the same time.
    """

    endpoint_tests: QuotaUsage
    """
    Tests of endpoints at the same time.
    """


class Usage(TypedDict):
    project_id: str
    quotas: Quotas


WantedScheduleStatus: TypeAlias = Literal['active', 'paused']


class BulkJob(TypedDict):
    id: str
    project_id: str
    status: BulkReplayStatus
    created_at: str
    action: BulkAction
    done: int
    """
    How many were replayed, resolved or cancelled so far.
    """


class BulkReplay(TypedDict):
    id: str
    project_id: str
    status: BulkReplayStatus
    replayed: int
    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    reason: DeadReason | None
    since: str | None
    """
    Died at this moment or later.
    """

    until: str
    """
    Died at this moment or earlier.
    """

    created_at: str


class DeliveryAttempt(TypedDict):
    id: str
    project_id: str
    task_id: str
    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    attempt: int
    status: AttemptStatus
    http_status: int | None
    latency_ms: float
    """
    From the start of the call to its outcome.
    """

    timings_ms: NotRequired[AttemptTimings]
    """
    How much of it the phases took that were completed; first_byte is the wait for the headers of the answer, and the rest is its body. A reused connection has neither dns, connect nor tls. Absent for other targets than HTTP.
    """

    lateness_ms: float
    """
    How long after its due moment the call started.
    """

    request_headers: dict[str, str]
    """
    As sent; values that the endpoint sets are shown as ***.
    """

    response_headers: dict[str, str]
    response_body: str
    """
    Its first 4 KB.
    """

    error: ErrorDetails | None
    request_id: str
    trace_id: str
    listener_id: NotRequired[str]
    """
    The listener that made the call, in place of a call of the URL; absent for others.
    """

    started_at: str
    finished_at: str
    event_name: str | None


class DeliveryAttemptList(TypedDict):
    data: list[DeliveryAttempt]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


class Endpoint(TypedDict):
    id: str
    project_id: str
    name: str
    """
    1 to 200 characters, without control characters.
    """

    key: NotRequired[str]
    """
    The API key, shown this once.
    """

    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod]
    headers: NotRequired[dict[str, str]]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header.
    """

    timeout_ms: int
    """
    For the whole call, up to the end of the answer.
    """

    retry_policy_id: str | None
    event_filters: list[str]
    """
    Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.
    """

    rate_limit_per_second: float | None
    """
    Starts of calls; fractions are for less than one a second.
    """

    max_concurrency: int | None
    """
    Calls at the same time, over all workers.
    """

    status: EndpointStatus
    disabled_reason: str | None
    """
    In words; null unless the endpoint is disabled.
    """

    disabled_at: str | None
    failing_since: str | None
    """
    Since when every call has failed; null for a healthy endpoint.
    """

    created_at: str
    updated_at: str
    type: NotRequired[TargetType]
    """
    The kind of target. Absent for HTTP, which has a `url`; every other kind has an `arn`.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    invocation: NotRequired[LambdaInvocation]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda.
    """


class EndpointList(TypedDict):
    data: list[Endpoint]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


class EndpointPatch(TypedDict):
    name: NotRequired[str]
    """
    1 to 200 characters, without control characters.
    """

    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod | None]
    headers: NotRequired[dict[str, Any] | None]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header.
    """

    timeout_ms: NotRequired[int | None]
    """
    For the whole call, up to the end of the answer.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str | None]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    invocation: NotRequired[LambdaInvocation | None]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda.
    """

    retry_policy_id: NotRequired[str | None]
    event_filters: NotRequired[list[EventFilter] | None]
    """
    Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.
    """

    rate_limit_per_second: NotRequired[float | None]
    """
    Starts of calls; fractions are for less than one a second.
    """

    max_concurrency: NotRequired[int | None]
    """
    Calls at the same time, over all workers.
    """

    status: NotRequired[EndpointStatus]


class EndpointWithSecret(TypedDict):
    id: str
    project_id: str
    name: str
    """
    1 to 200 characters, without control characters.
    """

    key: NotRequired[str]
    """
    The API key, shown this once.
    """

    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod]
    headers: NotRequired[dict[str, str]]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header.
    """

    timeout_ms: int
    """
    For the whole call, up to the end of the answer.
    """

    retry_policy_id: str | None
    event_filters: list[str]
    """
    Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.
    """

    rate_limit_per_second: float | None
    """
    Starts of calls; fractions are for less than one a second.
    """

    max_concurrency: int | None
    """
    Calls at the same time, over all workers.
    """

    status: EndpointStatus
    disabled_reason: str | None
    """
    In words; null unless the endpoint is disabled.
    """

    disabled_at: str | None
    failing_since: str | None
    """
    Since when every call has failed; null for a healthy endpoint.
    """

    created_at: str
    updated_at: str
    signing_secret: str
    """
    Signs what is sent (Standard Webhooks: the bytes that whsec_ and base64 name, of any other text its own), or for a key the requests; shown this once.
    """

    type: NotRequired[TargetType]
    """
    The kind of target. Absent for HTTP, which has a `url`; every other kind has an `arn`.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    invocation: NotRequired[LambdaInvocation]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda.
    """


class Event(TypedDict):
    id: str
    project_id: str
    event_name: str
    event_key: str | None
    """
    The business's own key: searchable, sent along, no deduplication.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: EventStatus
    created_at: str


class EventList(TypedDict):
    data: list[Event]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


class FeedAttempt(TypedDict):
    type: Literal['delivery_attempt']
    data: DeliveryAttempt


class Found(TypedDict):
    kind: FoundKind
    id: str
    name: str | None
    """
    Its name; of an event or a delivery of one, the name of the event.
    """

    by: FoundBy
    """
    What of it fits.
    """

    created_at: str


class FoundList(TypedDict):
    data: list[Found]


class GetFeedQuery(TypedDict):
    cursor: NotRequired[str]
    """
    Of the page before.
    """

    since: NotRequired[Moment]
    """
    Where the feed begins; a minute ago by default.
    """

    wait_seconds: NotRequired[int]
    """
    How long to wait for a change; by default, not at all.
    """

    type: NotRequired[Literal['task_run', 'delivery_attempt']]
    """
    Lines of this type alone.
    """

    status: NotRequired[Literal['pending', 'running', 'retry_scheduled', 'success', 'dead_letter', 'cancelled', 'skipped', 'failed', 'timed_out', 'blocked']]
    """
    Lines of task runs or attempts with this status alone.
    """

    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    task_id: NotRequired[str]
    event_name: NotRequired[str]
    label: NotRequired[list[str]]


class InlineRetryPolicy(TypedDict):
    strategy: RetryStrategy
    base_delay_seconds: float
    """
    The first delay, of the strategies but custom.
    """

    max_delay_seconds: float
    """
    No delay is longer.
    """

    delays_seconds: list[float]
    """
    The delays of the custom strategy, one by one; the last one repeats.
    """

    max_attempts: int
    """
    The first one included.
    """

    jitter: RetryJitter
    """
    full draws each delay evenly from 0 to what the strategy says.
    """

    honor_retry_after: bool
    """
    Whether a receiver's Retry-After may put the next attempt off.
    """

    retry_on_statuses: NotRequired[list[str]]
    """
    Such as 429 or 5xx; null for every status but 2xx.
    """


class ListScheduleRunsQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    status: NotRequired[RunStatus]


class ListTasksQuery(TypedDict):
    page_size: NotRequired[int]
    """
    20 unless given.
    """

    cursor: NotRequired[str]
    """
    The next_cursor of an earlier page.
    """

    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    schedule_id: NotRequired[str]
    event_id: NotRequired[str]
    status: NotRequired[RunStatus]
    label: NotRequired[list[str]]
    """
    key:value. Given several times: all of them.
    """

    event_key: NotRequired[str]
    """
    Runs of events with this key; a page may be short and go on.
    """

    idempotency_key: NotRequired[str]
    """
    Runs that requests of the last 24 hours with a key of the project made under this Idempotency-Key.
    """

    since: NotRequired[Moment]
    """
    Created at this moment or later; of a schedule, due then.
    """

    until: NotRequired[Moment]
    """
    Created at this moment or earlier; of a schedule, due then.
    """


class NewEndpoint(TypedDict):
    name: str
    """
    1 to 200 characters, without control characters.
    """

    status: NotRequired[EndpointStatus]
    """
    By default active.
    """

    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod]
    """
    By default POST.
    """

    headers: NotRequired[dict[str, str]]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header. None by default.
    """

    timeout_ms: NotRequired[int]
    """
    For the whole call, up to the end of the answer. By default 10000.
    """

    retry_policy_id: NotRequired[str]
    event_filters: NotRequired[list[EventFilter]]
    """
    Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.
    """

    rate_limit_per_second: NotRequired[float]
    """
    Starts of calls; fractions are for less than one a second.
    """

    max_concurrency: NotRequired[int]
    """
    Calls at the same time, over all workers.
    """

    signing_secret: NotRequired[str]
    """
    Made where it is left out, and shown in the answer alone.
    """

    type: NotRequired[TargetType]
    """
    The kind of target. Absent for HTTP, which has a `url`; every other kind has an `arn`.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run. By default punctual.
    """

    invocation: NotRequired[LambdaInvocation]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda. By default RequestResponse.
    """


class NewRetryPolicy(TypedDict):
    name: str
    """
    1 to 200 characters, without control characters.
    """

    strategy: NotRequired[RetryStrategy | None]
    base_delay_seconds: NotRequired[float | None]
    """
    The first delay, of the strategies but custom.
    """

    max_delay_seconds: NotRequired[float | None]
    """
    No delay is longer.
    """

    delays_seconds: NotRequired[list[DelaysSecond] | None]
    """
    The delays of the custom strategy, one by one; the last one repeats.
    """

    max_attempts: NotRequired[int | None]
    """
    The first one included.
    """

    jitter: NotRequired[RetryJitter | None]
    """
    full draws each delay evenly from 0 to what the strategy says.
    """

    retry_on_statuses: NotRequired[list[str] | None]
    """
    Such as 429 or 5xx; null for every status but 2xx.
    """

    honor_retry_after: NotRequired[bool | None]
    """
    Whether a receiver's Retry-After may put the next attempt off.
    """


class NewTarget(TypedDict):
    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod]
    """
    By default POST.
    """

    headers: NotRequired[dict[str, str]]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header. None by default.
    """

    timeout_ms: NotRequired[int]
    """
    For the whole call, up to the end of the answer. By default 10000.
    """

    type: NotRequired[TargetType]
    """
    The kind of target. Absent for HTTP, which has a `url`; every other kind has an `arn`.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run. By default punctual.
    """

    invocation: NotRequired[LambdaInvocation]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda. By default RequestResponse.
    """


class NewTask(TypedDict):
    name: NotRequired[str]
    """
    1 to 200 characters, without control characters.
    """

    labels: NotRequired[dict[str, str]]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    endpoint_id: NotRequired[str]
    """
    Give either endpoint_id or target.
    """

    target: NotRequired[NewTarget]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    payload: NotRequired[Any]
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    run_at: NotRequired[Moment]
    """
    When its call is due; 0, like neither run_at nor delay_seconds, is now.
    """

    delay_seconds: NotRequired[float]
    """
    Seconds from now; instead of run_at.
    """

    retry_policy_id: NotRequired[str]


class NewTaskBatch(TypedDict):
    tasks: list[NewTask]


class Problem(TypedDict):
    type: Literal['about:blank']
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: NotRequired[list[Fault]]
    quota: NotRequired[QuotaName]


class PutEndpoint(TypedDict):
    name: NotRequired[str]
    """
    The key, unless given.
    """

    status: NotRequired[EndpointStatus]
    """
    What it is, unless given; active for a new one.
    """

    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod]
    """
    By default POST.
    """

    headers: NotRequired[dict[str, str]]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header. None by default.
    """

    timeout_ms: NotRequired[int]
    """
    For the whole call, up to the end of the answer. By default 10000.
    """

    retry_policy_id: NotRequired[str]
    event_filters: NotRequired[list[EventFilter]]
    """
    Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.
    """

    rate_limit_per_second: NotRequired[float]
    """
    Starts of calls; fractions are for less than one a second.
    """

    max_concurrency: NotRequired[int]
    """
    Calls at the same time, over all workers.
    """

    signing_secret: NotRequired[str]
    """
    Of a new endpoint. That of an endpoint which is there stays: …/rotate-secret replaces it.
    """

    type: NotRequired[TargetType]
    """
    The kind of target. Absent for HTTP, which has a `url`; every other kind has an `arn`.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run. By default punctual.
    """

    invocation: NotRequired[LambdaInvocation]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda. By default RequestResponse.
    """


class PutRetryPolicy(TypedDict):
    name: NotRequired[str]
    """
    The key, unless given.
    """

    strategy: NotRequired[RetryStrategy | None]
    base_delay_seconds: NotRequired[float | None]
    """
    The first delay, of the strategies but custom.
    """

    max_delay_seconds: NotRequired[float | None]
    """
    No delay is longer.
    """

    delays_seconds: NotRequired[list[DelaysSecond] | None]
    """
    The delays of the custom strategy, one by one; the last one repeats.
    """

    max_attempts: NotRequired[int | None]
    """
    The first one included.
    """

    jitter: NotRequired[RetryJitter | None]
    """
    full draws each delay evenly from 0 to what the strategy says.
    """

    retry_on_statuses: NotRequired[list[str] | None]
    """
    Such as 429 or 5xx; null for every status but 2xx.
    """

    honor_retry_after: NotRequired[bool | None]
    """
    Whether a receiver's Retry-After may put the next attempt off.
    """


class PutSchedule(TypedDict):
    name: NotRequired[str]
    """
    The key, unless given.
    """

    status: NotRequired[WantedScheduleStatus]
    """
    What it is, unless given; active for a new one.
    """

    labels: NotRequired[dict[str, str]]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    cron: NotRequired[str]
    """
    Five fields, or six with seconds first; names, @daily and the like, L, W, # and ? are taken; 0 and 7 are Sunday. Give either cron or run_at.
    """

    timezone: NotRequired[str]
    """
    A name such as Europe/Berlin. By default UTC.
    """

    run_at: NotRequired[Moment]
    """
    When its call is due.
    """

    endpoint_id: NotRequired[str]
    """
    An endpoint; what has none calls an inline target.
    """

    target: NotRequired[NewTarget]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    payload: NotRequired[Any]
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    overlap_policy: NotRequired[OverlapPolicy]
    """
    What happens while the run before executes. By default skip.
    """

    misfire_policy: NotRequired[MisfirePolicy]
    """
    What becomes of occurrences that were missed: one run for all of them, or none. What reached us in time and was handled late is never skipped. By default fire_once.
    """

    misfire_grace_seconds: NotRequired[float]
    """
    An occurrence that comes later than this counts as missed.
    """

    start_at: NotRequired[Moment]
    """
    No occurrence before this moment.
    """

    end_at: NotRequired[Moment]
    """
    No occurrence after this moment.
    """

    max_runs: NotRequired[int]
    """
    The schedule is completed after so many runs.
    """

    jitter_seconds: NotRequired[float]
    """
    Each run is put off by up to this long, always the same for the same occurrence.
    """

    retry_policy_id: NotRequired[str]


class RetryPolicy(TypedDict):
    id: str
    project_id: str
    name: str
    """
    1 to 200 characters, without control characters.
    """

    key: NotRequired[str]
    """
    The API key, shown this once.
    """

    strategy: RetryStrategy
    base_delay_seconds: float
    """
    The first delay, of the strategies but custom.
    """

    max_delay_seconds: float
    """
    No delay is longer.
    """

    delays_seconds: list[float]
    """
    The delays of the custom strategy, one by one; the last one repeats.
    """

    max_attempts: int
    """
    The first one included.
    """

    jitter: RetryJitter
    """
    full draws each delay evenly from 0 to what the strategy says.
    """

    honor_retry_after: bool
    """
    Whether a receiver's Retry-After may put the next attempt off.
    """

    retry_on_statuses: list[str] | None
    """
    Such as 429 or 5xx; null for every status but 2xx.
    """

    created_at: str
    updated_at: str


class RetryPolicyList(TypedDict):
    data: list[RetryPolicy]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


class RetryPolicyPatch(TypedDict):
    name: NotRequired[str]
    """
    1 to 200 characters, without control characters.
    """

    strategy: NotRequired[RetryStrategy | None]
    base_delay_seconds: NotRequired[float | None]
    """
    The first delay, of the strategies but custom.
    """

    max_delay_seconds: NotRequired[float | None]
    """
    No delay is longer.
    """

    delays_seconds: NotRequired[list[DelaysSecond] | None]
    """
    The delays of the custom strategy, one by one; the last one repeats.
    """

    max_attempts: NotRequired[int | None]
    """
    The first one included.
    """

    jitter: NotRequired[RetryJitter | None]
    """
    full draws each delay evenly from 0 to what the strategy says.
    """

    retry_on_statuses: NotRequired[list[str] | None]
    """
    Such as 429 or 5xx; null for every status but 2xx.
    """

    honor_retry_after: NotRequired[bool | None]
    """
    Whether a receiver's Retry-After may put the next attempt off.
    """


class RunSource(TypedDict):
    type: RunSourceType
    id: str | None


class Target(TypedDict):
    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod]
    headers: NotRequired[dict[str, str]]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header.
    """

    timeout_ms: int
    """
    For the whole call, up to the end of the answer.
    """

    type: NotRequired[TargetType]
    """
    The kind of target. Absent for HTTP, which has a `url`; every other kind has an `arn`.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    invocation: NotRequired[LambdaInvocation]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda.
    """


class TargetPatch(TypedDict):
    type: NotRequired[TargetType | None]
    """
    Null for HTTP. Another kind than before makes a new target.
    """

    url: NotRequired[str]
    """
    https, or http where the stage allows it, as it is to be called; private addresses are refused.
    """

    method: NotRequired[HttpMethod | None]
    headers: NotRequired[dict[str, Any] | None]
    """
    Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header.
    """

    timeout_ms: NotRequired[int | None]
    """
    For the whole call, up to the end of the answer.
    """

    arn: NotRequired[str]
    """
    Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.
    """

    source: NotRequired[str | None]
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    invocation: NotRequired[LambdaInvocation | None]
    """
    Of a function: RequestResponse waits for its answer, Event leaves the invocation to the queue of Lambda.
    """


class TaskRun(TypedDict):
    id: str
    project_id: str
    name: str | None
    """
    1 to 200 characters, without control characters.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: RunStatus
    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    target: NotRequired[Target]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    source: RunSource
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    resent_from: NotRequired[str]
    """
    The ended task run that was sent again; absent for others.
    """

    run_at: str
    """
    When its call is due.
    """

    attempt_count: int
    """
    Attempts that were begun.
    """

    max_attempts: int
    """
    The first one included.
    """

    next_attempt_at: str | None
    """
    Null unless an attempt is due.
    """

    created_at: str
    finished_at: str | None


class TaskRunList(TypedDict):
    data: list[TaskRun]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


class TaskRunWithAttempts(TypedDict):
    id: str
    project_id: str
    name: str | None
    """
    1 to 200 characters, without control characters.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: RunStatus
    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    target: NotRequired[Target]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    source: RunSource
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    resent_from: NotRequired[str]
    """
    The ended task run that was sent again; absent for others.
    """

    run_at: str
    """
    When its call is due.
    """

    attempt_count: int
    """
    Attempts that were begun.
    """

    max_attempts: int
    """
    The first one included.
    """

    next_attempt_at: str | None
    """
    Null unless an attempt is due.
    """

    created_at: str
    finished_at: str | None
    payload: Any
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    redacted_at: str | None
    """
    When its content was removed: payload, headers and answers. Null if it was not.
    """

    attempts: list[DeliveryAttempt]


class TaskRunWithPayload(TypedDict):
    id: str
    project_id: str
    name: str | None
    """
    1 to 200 characters, without control characters.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: RunStatus
    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    target: NotRequired[Target]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    source: RunSource
    """
    Of the events on a bus. Their detail-type is the name of the event or of the task run.
    """

    resent_from: NotRequired[str]
    """
    The ended task run that was sent again; absent for others.
    """

    run_at: str
    """
    When its call is due.
    """

    attempt_count: int
    """
    Attempts that were begun.
    """

    max_attempts: int
    """
    The first one included.
    """

    next_attempt_at: str | None
    """
    Null unless an attempt is due.
    """

    created_at: str
    finished_at: str | None
    payload: Any
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    redacted_at: str | None
    """
    When its content was removed: payload, headers and answers. Null if it was not.
    """


class DeadLetter(TypedDict):
    id: str
    project_id: str
    task_id: str
    name: str | None
    """
    1 to 200 characters, without control characters.
    """

    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    endpoint_deleted: bool
    """
    Its endpoint is gone, so that nothing can be replayed.
    """

    reason: DeadReason
    status: DeadLetterStatus
    attempt_count: int
    """
    Attempts that were begun.
    """

    last_attempt: DeliveryAttempt | None
    created_at: str
    note: str | None


class DeadLetterList(TypedDict):
    data: list[DeadLetter]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


class DeadLetterWithPayload(TypedDict):
    id: str
    project_id: str
    task_id: str
    name: str | None
    """
    1 to 200 characters, without control characters.
    """

    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    endpoint_deleted: bool
    """
    Its endpoint is gone, so that nothing can be replayed.
    """

    reason: DeadReason
    status: DeadLetterStatus
    attempt_count: int
    """
    Attempts that were begun.
    """

    last_attempt: DeliveryAttempt | None
    created_at: str
    note: str | None
    payload: Any
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """


class EventResult(TypedDict):
    status: int
    event: NotRequired[Event]
    error: NotRequired[Problem]


class EventResults(TypedDict):
    data: list[EventResult]


class EventWithTasks(TypedDict):
    id: str
    project_id: str
    event_name: str
    event_key: str | None
    """
    The business's own key: searchable, sent along, no deduplication.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: EventStatus
    created_at: str
    payload: Any
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    redacted_at: str | None
    """
    When its content was removed: payload, headers and answers. Null if it was not.
    """

    task_counts: dict[RunStatus, int]
    """
    How many of its task runs are in which state.
    """

    tasks: list[TaskRun]
    tasks_cursor: str | None
    """
    Where GET /v1/tasks?event_id= goes on; null when all are shown.
    """


class FeedRun(TypedDict):
    type: Literal['task_run']
    version: int
    """
    Grows with each change of the task run.
    """

    data: TaskRun


class NewSchedule(TypedDict):
    name: str
    """
    1 to 200 characters, without control characters.
    """

    status: NotRequired[WantedScheduleStatus]
    """
    By default active.
    """

    labels: NotRequired[dict[str, str]]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    cron: NotRequired[str]
    """
    Five fields, or six with seconds first; names, @daily and the like, L, W, # and ? are taken; 0 and 7 are Sunday. Give either cron or run_at.
    """

    timezone: NotRequired[str]
    """
    A name such as Europe/Berlin. By default UTC.
    """

    run_at: NotRequired[Moment]
    """
    The one moment of a schedule without cron.
    """

    endpoint_id: NotRequired[str]
    """
    Give either endpoint_id or target.
    """

    target: NotRequired[NewTarget]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    payload: NotRequired[Any]
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    overlap_policy: NotRequired[OverlapPolicy]
    """
    What happens while the run before executes. By default skip.
    """

    misfire_policy: NotRequired[MisfirePolicy]
    """
    What becomes of occurrences that were missed: one run for all of them, or none. What reached us in time and was handled late is never skipped. By default fire_once.
    """

    misfire_grace_seconds: NotRequired[float]
    """
    An occurrence that comes later than this counts as missed. By default 60.
    """

    start_at: NotRequired[Moment]
    """
    No occurrence before this moment.
    """

    end_at: NotRequired[Moment]
    """
    No occurrence after this moment.
    """

    max_runs: NotRequired[int]
    """
    The schedule is completed after so many runs.
    """

    jitter_seconds: NotRequired[float]
    """
    Each run is put off by up to this long, always the same for the same occurrence.
    """

    retry_policy_id: NotRequired[str]


class Schedule(TypedDict):
    id: str
    project_id: str
    name: str
    """
    1 to 200 characters, without control characters.
    """

    key: NotRequired[str]
    """
    The API key, shown this once.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: ScheduleStatus
    cron: str | None
    """
    Five fields, or six with seconds first; names, @daily and the like, L, W, # and ? are taken; 0 and 7 are Sunday. Give either cron or run_at.
    """

    timezone: str
    """
    A name such as Europe/Berlin.
    """

    run_at: str | None
    """
    When its call is due.
    """

    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    target: NotRequired[Target]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    overlap_policy: OverlapPolicy
    """
    What happens while the run before executes.
    """

    misfire_policy: MisfirePolicy
    """
    What becomes of occurrences that were missed: one run for all of them, or none. What reached us in time and was handled late is never skipped.
    """

    misfire_grace_seconds: float
    """
    An occurrence that comes later than this counts as missed.
    """

    start_at: str | None
    """
    No occurrence before this moment.
    """

    end_at: str | None
    """
    No occurrence after this moment.
    """

    max_runs: int | None
    """
    The schedule is completed after so many runs.
    """

    jitter_seconds: float | None
    """
    Each run is put off by up to this long, always the same for the same occurrence.
    """

    retry_policy_id: str | None
    retry_policy: NotRequired[InlineRetryPolicy]
    """
    A policy by value, instead of one by its id.
    """

    signing_key_id: NotRequired[str]
    """
    The API key that signs the calls, beside the signature of the project.
    """

    runs: int
    """
    Occurrences that have got a run so far.
    """

    next_run_at: str | None
    created_at: str
    updated_at: str


class ScheduleList(TypedDict):
    data: list[Schedule]
    page: int
    """
    Reaches the first 1,000 rows; beyond them, cursor goes on.
    """

    page_size: int
    """
    20 unless given.
    """

    next_cursor: str | None
    """
    Null on the last page.
    """


class SchedulePatch(TypedDict):
    name: NotRequired[str]
    """
    1 to 200 characters, without control characters.
    """

    labels: NotRequired[dict[str, Any] | None]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    cron: NotRequired[str | None]
    """
    Five fields, or six with seconds first; names, @daily and the like, L, W, # and ? are taken; 0 and 7 are Sunday. Give either cron or run_at.
    """

    timezone: NotRequired[str | None]
    """
    A name such as Europe/Berlin.
    """

    run_at: NotRequired[Moment | None]
    """
    When its call is due.
    """

    endpoint_id: NotRequired[str | None]
    """
    An endpoint; what has none calls an inline target.
    """

    target: NotRequired[TargetPatch | None]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    payload: NotRequired[Any]
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    overlap_policy: NotRequired[OverlapPolicy | None]
    """
    What happens while the run before executes.
    """

    misfire_policy: NotRequired[MisfirePolicy | None]
    """
    What becomes of occurrences that were missed: one run for all of them, or none. What reached us in time and was handled late is never skipped.
    """

    misfire_grace_seconds: NotRequired[float | None]
    """
    An occurrence that comes later than this counts as missed.
    """

    start_at: NotRequired[Moment | None]
    """
    No occurrence before this moment.
    """

    end_at: NotRequired[Moment | None]
    """
    No occurrence after this moment.
    """

    max_runs: NotRequired[int | None]
    """
    The schedule is completed after so many runs.
    """

    jitter_seconds: NotRequired[float | None]
    """
    Each run is put off by up to this long, always the same for the same occurrence.
    """

    retry_policy_id: NotRequired[str | None]
    status: NotRequired[WantedScheduleStatus]


class ScheduleWithPayload(TypedDict):
    id: str
    project_id: str
    name: str
    """
    1 to 200 characters, without control characters.
    """

    key: NotRequired[str]
    """
    The API key, shown this once.
    """

    labels: dict[str, str]
    """
    Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.
    """

    status: ScheduleStatus
    cron: str | None
    """
    Five fields, or six with seconds first; names, @daily and the like, L, W, # and ? are taken; 0 and 7 are Sunday. Give either cron or run_at.
    """

    timezone: str
    """
    A name such as Europe/Berlin.
    """

    run_at: str | None
    """
    When its call is due.
    """

    endpoint_id: str | None
    """
    An endpoint; what has none calls an inline target.
    """

    target: NotRequired[Target]
    """
    An inline endpoint; give either endpoint_id or target.
    """

    overlap_policy: OverlapPolicy
    """
    What happens while the run before executes.
    """

    misfire_policy: MisfirePolicy
    """
    What becomes of occurrences that were missed: one run for all of them, or none. What reached us in time and was handled late is never skipped.
    """

    misfire_grace_seconds: float
    """
    An occurrence that comes later than this counts as missed.
    """

    start_at: str | None
    """
    No occurrence before this moment.
    """

    end_at: str | None
    """
    No occurrence after this moment.
    """

    max_runs: int | None
    """
    The schedule is completed after so many runs.
    """

    jitter_seconds: float | None
    """
    Each run is put off by up to this long, always the same for the same occurrence.
    """

    retry_policy_id: str | None
    retry_policy: NotRequired[InlineRetryPolicy]
    """
    A policy by value, instead of one by its id.
    """

    signing_key_id: NotRequired[str]
    """
    The API key that signs the calls, beside the signature of the project.
    """

    runs: int
    """
    Occurrences that have got a run so far.
    """

    next_run_at: str | None
    created_at: str
    updated_at: str
    payload: Any
    """
    A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. A PATCH replaces it whole.
    """

    upcoming: list[str]
    """
    The next five occurrences.
    """

    last_run: TaskRun | None


class TaskResult(TypedDict):
    status: int
    task: NotRequired[TaskRun]
    error: NotRequired[Problem]


class TaskResults(TypedDict):
    data: list[TaskResult]
