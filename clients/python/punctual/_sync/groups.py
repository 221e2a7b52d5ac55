"""What the API does, a class for each group of operations. The client that waits is made of this file: npm run clients:types."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import ceil
from urllib.parse import quote

from .. import types as T
from .._requests import CallOptions, sleep
from .._typing import Unpack
from .transport import Pages, Transport

#: One request waits so long at most.
_MOST_WAIT_SECONDS = 4
#: A request that does not wait, since others of the project do, is not repeated sooner.
_ASK_AGAIN_SECONDS = 1


def _at(path: str, *segments: str) -> str:
    return "/".join([path, *(quote(segment, safe="") for segment in segments)])


class _Group:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._send = transport.send


class Tasks(_Group):
    """One execution of something to send."""

    def create(self, task: T.NewTask, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Sends ``payload`` to an endpoint or a URL: now, at ``run_at``, or ``delay_seconds`` from now."""
        return self._send("POST", "/v1/tasks", body=task, **options)

    def batch(self, tasks: Sequence[T.NewTask], **options: Unpack[CallOptions]) -> T.TaskResults:
        """Up to 100 tasks, each accepted or refused by itself: look at the ``status`` of each result."""
        return self._send("POST", "/v1/tasks/batch", body={"tasks": list(tasks)}, **options)

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithAttempts:
        return self._send("GET", _at("/v1/tasks", id), **options)

    def list(self, filters: T.ListTasksQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.TaskRun]:
        return Pages(self._transport, "/v1/tasks", filters, options)

    def cancel(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Cancels a run that has not ended; if it succeeds meanwhile, the success wins."""
        return self._send("POST", _at("/v1/tasks", id, "cancel"), **options)

    def cancel_all(self, filters: T.NewBulkCancel, **options: Unpack[CallOptions]) -> T.BulkJob:
        """Cancels all that the filters match, or up to 100 ``ids``, in the background."""
        return self._send("POST", "/v1/tasks/cancel", body=filters, **options)

    def cancel_all_dry_run(self, filters: T.NewBulkCancel, **options: Unpack[CallOptions]) -> T.BulkCount:
        """How many runs ``cancel_all`` would mean."""
        return self._send("POST", "/v1/tasks/cancel", body={**filters, "dry_run": True}, **options)

    def resend(self, id: str, changes: T.Resending | None = None, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Sends an ended run again as a new run, with a changed payload, headers or endpoint if given."""
        return self._send("POST", _at("/v1/tasks", id, "resend"), body=changes or {}, **options)

    def wait(self, id: str, for_seconds: float = 60, **options: Unpack[CallOptions]) -> T.TaskRunWithAttempts:
        """Waits until the run has ended, or ``for_seconds`` are up, and answers it: look at its ``status``."""
        until = time.monotonic() + for_seconds
        while True:
            asked = time.monotonic()
            query = {"timeout_seconds": max(1, min(_MOST_WAIT_SECONDS, ceil(until - asked)))}
            run: T.TaskRunWithAttempts = self._send("GET", _at("/v1/tasks", id, "wait"), query=query, **options)
            left = until - time.monotonic()
            if run["finished_at"] is not None or left <= 0:
                return run
            sleep(max(0, min(left, _ASK_AGAIN_SECONDS - (time.monotonic() - asked))))

    def redact(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithAttempts:
        """Removes the content of an ended run for good."""
        return self._send("POST", _at("/v1/tasks", id, "redact"), **options)


class Events(_Group):
    """Why to send: a named event makes a task run for every endpoint that listens."""

    def publish(self, event: T.NewEvent, **options: Unpack[CallOptions]) -> T.EventWithPayload:
        return self._send("POST", "/v1/events", body=event, **options)

    def batch(self, events: Sequence[T.NewEvent], **options: Unpack[CallOptions]) -> T.EventResults:
        """Up to 100 events, each accepted or refused by itself: look at the ``status`` of each result."""
        return self._send("POST", "/v1/events/batch", body={"events": list(events)}, **options)

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.EventWithTasks:
        return self._send("GET", _at("/v1/events", id), **options)

    def list(self, filters: T.ListEventsQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.Event]:
        return Pages(self._transport, "/v1/events", filters, options)


class Endpoints(_Group):
    """Where to send."""

    def create(self, endpoint: T.NewEndpoint, **options: Unpack[CallOptions]) -> T.EndpointWithSecret:
        """The answer shows ``signing_secret`` this once."""
        return self._send("POST", "/v1/endpoints", body=endpoint, **options)

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.Endpoint:
        return self._send("GET", _at("/v1/endpoints", id), **options)

    def list(self, filters: T.ListEndpointsQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.Endpoint]:
        return Pages(self._transport, "/v1/endpoints", filters, options)

    def update(self, id: str, changes: T.EndpointPatch, **options: Unpack[CallOptions]) -> T.Endpoint:
        """Changes the given fields; None gives a field its default back. ``{"status": "paused"}`` pauses."""
        return self._send("PATCH", _at("/v1/endpoints", id), body=changes, **options)

    def delete(self, id: str, **options: Unpack[CallOptions]) -> None:
        self._send("DELETE", _at("/v1/endpoints", id), **options)

    def put(self, key: str, endpoint: T.PutEndpoint, **options: Unpack[CallOptions]) -> T.Endpoint | T.EndpointWithSecret:
        """Creates the endpoint of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default. The answer to the creation shows ``signing_secret`` this once."""
        return self._send("PUT", _at("/v1/endpoints/by-name", key), body=endpoint, **options)

    def get_by_key(self, key: str, **options: Unpack[CallOptions]) -> T.Endpoint:
        return self._send("GET", _at("/v1/endpoints/by-name", key), **options)

    def delete_by_key(self, key: str, **options: Unpack[CallOptions]) -> None:
        self._send("DELETE", _at("/v1/endpoints/by-name", key), **options)

    def rotate_secret(self, id: str, rotation: T.Rotation | None = None, **options: Unpack[CallOptions]) -> T.EndpointWithSecret:
        """A new secret; the replaced one signs ``grace_seconds`` longer, a day unless given."""
        return self._send("POST", _at("/v1/endpoints", id, "rotate-secret"), body=rotation or {}, **options)

    def test(self, id: str, **options: Unpack[CallOptions]) -> T.DeliveryAttempt | T.TaskRunWithPayload:
        """Sends a signed sample: its attempt, or its run if the attempt takes longer than a few seconds."""
        return self._send("POST", _at("/v1/endpoints", id, "test"), **options)

    def recover(self, id: str, recovery: T.Recovery, **options: Unpack[CallOptions]) -> T.BulkReplay:
        """Replays the endpoint's open dead letters."""
        return self._send("POST", _at("/v1/endpoints", id, "recover"), body=recovery, **options)


class Schedules(_Group):
    """When to send: a cron expression in a time zone, or one moment."""

    def create(self, schedule: T.NewSchedule, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        return self._send("POST", "/v1/schedules", body=schedule, **options)

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        return self._send("GET", _at("/v1/schedules", id), **options)

    def list(self, filters: T.ListSchedulesQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.Schedule]:
        return Pages(self._transport, "/v1/schedules", filters, options)

    def update(self, id: str, changes: T.SchedulePatch, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        """Changes the given fields; None gives a field its default back. ``{"status": "paused"}`` pauses."""
        return self._send("PATCH", _at("/v1/schedules", id), body=changes, **options)

    def delete(self, id: str, **options: Unpack[CallOptions]) -> None:
        self._send("DELETE", _at("/v1/schedules", id), **options)

    def put(self, key: str, schedule: T.PutSchedule, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        """Creates the schedule of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default."""
        return self._send("PUT", _at("/v1/schedules/by-name", key), body=schedule, **options)

    def get_by_key(self, key: str, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        return self._send("GET", _at("/v1/schedules/by-name", key), **options)

    def delete_by_key(self, key: str, **options: Unpack[CallOptions]) -> None:
        self._send("DELETE", _at("/v1/schedules/by-name", key), **options)

    def run(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Makes a task run of the schedule now, beside its own."""
        return self._send("POST", _at("/v1/schedules", id, "run"), **options)

    def runs(self, id: str, filters: T.ListScheduleRunsQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.TaskRun]:
        return Pages(self._transport, _at("/v1/schedules", id, "runs"), filters, options)

    def backfill(self, id: str, backfill: T.NewBackfill, **options: Unpack[CallOptions]) -> T.Backfill:
        """Makes the runs of past occurrences that have none, or counts them (``dry_run``)."""
        return self._send("POST", _at("/v1/schedules", id, "backfill"), body=backfill, **options)

    def preview(self, request: T.SchedulePreviewRequest, **options: Unpack[CallOptions]) -> T.SchedulePreview:
        """What an expression means, and its next moments."""
        return self._send("POST", "/v1/schedules/preview", body=request, **options)


class RetryPolicies(_Group):
    """How often, and how long after a failure, a call is tried again."""

    def create(self, retry_policy: T.NewRetryPolicy, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        return self._send("POST", "/v1/retry-policies", body=retry_policy, **options)

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        return self._send("GET", _at("/v1/retry-policies", id), **options)

    def list(self, filters: T.ListRetryPoliciesQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.RetryPolicy]:
        return Pages(self._transport, "/v1/retry-policies", filters, options)

    def update(self, id: str, changes: T.RetryPolicyPatch, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        """Changes the given fields; None gives a field its default back."""
        return self._send("PATCH", _at("/v1/retry-policies", id), body=changes, **options)

    def delete(self, id: str, **options: Unpack[CallOptions]) -> None:
        self._send("DELETE", _at("/v1/retry-policies", id), **options)

    def put(self, key: str, retry_policy: T.PutRetryPolicy, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        """Creates the retry policy of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default."""
        return self._send("PUT", _at("/v1/retry-policies/by-name", key), body=retry_policy, **options)

    def get_by_key(self, key: str, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        return self._send("GET", _at("/v1/retry-policies/by-name", key), **options)

    def delete_by_key(self, key: str, **options: Unpack[CallOptions]) -> None:
        self._send("DELETE", _at("/v1/retry-policies/by-name", key), **options)


class Deliveries(_Group):
    """Every call that was made."""

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.DeliveryAttempt:
        return self._send("GET", _at("/v1/deliveries", id), **options)

    def list(self, filters: T.ListDeliveriesQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.DeliveryAttempt]:
        return Pages(self._transport, "/v1/deliveries", filters, options)


class RetryJobs(_Group):
    """Task runs that wait for their next attempt."""

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.RetryJob:
        return self._send("GET", _at("/v1/retry-jobs", id), **options)

    def list(self, filters: T.ListRetryJobsQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.RetryJob]:
        return Pages(self._transport, "/v1/retry-jobs", filters, options)

    def run(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Makes the next attempt now."""
        return self._send("POST", _at("/v1/retry-jobs", id, "run"), **options)

    def give_up(self, id: str, **options: Unpack[CallOptions]) -> None:
        """Gives the run up: it becomes a dead letter."""
        self._send("DELETE", _at("/v1/retry-jobs", id), **options)


class DeadLetters(_Group):
    """Task runs that will not be tried again by themselves."""

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.DeadLetterWithPayload:
        return self._send("GET", _at("/v1/dead-letters", id), **options)

    def list(self, filters: T.ListDeadLettersQuery | None = None, **options: Unpack[CallOptions]) -> Pages[T.DeadLetter]:
        return Pages(self._transport, "/v1/dead-letters", filters, options)

    def replay(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Delivers the run again, with all attempts of its policy and under the same ``webhook-id``."""
        return self._send("POST", _at("/v1/dead-letters", id, "replay"), **options)

    def replay_all(self, filters: T.NewBulkReplay, **options: Unpack[CallOptions]) -> T.BulkReplay:
        """Replays all that the filters match, or up to 100 ``ids``, in the background."""
        return self._send("POST", "/v1/dead-letters/replay", body=filters, **options)

    def replay_all_dry_run(self, filters: T.NewBulkReplay, **options: Unpack[CallOptions]) -> T.BulkCount:
        """How many dead letters ``replay_all`` would mean."""
        return self._send("POST", "/v1/dead-letters/replay", body={**filters, "dry_run": True}, **options)

    def replay_job(self, id: str, **options: Unpack[CallOptions]) -> T.BulkReplay:
        """How far a bulk replay has come."""
        return self._send("GET", _at("/v1/dead-letters/replays", id), **options)

    def resolve(self, id: str, resolution: T.Resolution, **options: Unpack[CallOptions]) -> T.DeadLetterWithPayload:
        """Closes the dead letter without a call; ``note`` says why."""
        return self._send("POST", _at("/v1/dead-letters", id, "resolve"), body=resolution, **options)

    def resolve_all(self, filters: T.NewBulkResolution, **options: Unpack[CallOptions]) -> T.BulkJob:
        """Closes all that the filters match, or up to 100 ``ids``, in the background; ``note`` says why."""
        return self._send("POST", "/v1/dead-letters/resolve", body=filters, **options)

    def resolve_all_dry_run(self, filters: T.NewBulkResolution, **options: Unpack[CallOptions]) -> T.BulkCount:
        """How many dead letters ``resolve_all`` would mean."""
        return self._send("POST", "/v1/dead-letters/resolve", body={**filters, "dry_run": True}, **options)


class Listeners(_Group):
    """A developer's machine that gets the calls of endpoints in place of their URLs, as ``punctual listen`` does."""

    def start(self, endpoint_ids: Sequence[str], **options: Unpack[CallOptions]) -> T.Listener:
        """It ends a minute after it last took requests."""
        return self._send("POST", "/v1/listeners", body={"endpoint_ids": [*endpoint_ids]}, **options)

    def get(self, id: str, **options: Unpack[CallOptions]) -> T.Listener:
        return self._send("GET", _at("/v1/listeners", id), **options)

    def list(self, **options: Unpack[CallOptions]) -> Sequence[T.Listener]:
        answer: T.ListenerList = self._send("GET", "/v1/listeners", **options)
        return answer["data"]

    def take(self, id: str, **options: Unpack[CallOptions]) -> Sequence[T.ListenerRequest]:
        """Waits some seconds for the first request; each is given once. What is taken must be answered."""
        answer: T.ListenerRequestList = self._send("GET", _at("/v1/listeners", id, "requests"), **options)
        return answer["data"]

    def answer(self, id: str, request: str, answer: T.ListenerAnswer, **options: Unpack[CallOptions]) -> None:
        """The receiver's answer, or why there is none (``{"error": "ECONNREFUSED"}``): the outcome of the attempt."""
        self._send("POST", _at("/v1/listeners", id, "requests", request, "answer"), body=answer, **options)

    def end(self, id: str, **options: Unpack[CallOptions]) -> None:
        """The URLs are called again."""
        self._send("DELETE", _at("/v1/listeners", id), **options)
