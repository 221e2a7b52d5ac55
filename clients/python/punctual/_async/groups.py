"""What the API does, a class for each group of operations. The client that waits is made of this file: npm run clients:types."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import ceil
from urllib.parse import quote

from .. import types as T
from .._requests import CallOptions, async_sleep
from .._typing import Unpack
from .transport import AsyncPages, AsyncTransport

#: One request waits so long at most.
_MOST_WAIT_SECONDS = 4
#: A request that does not wait, since others of the project do, is not repeated sooner.
_ASK_AGAIN_SECONDS = 1


def _at(path: str, *segments: str) -> str:
    return "/".join([path, *(quote(segment, safe="") for segment in segments)])


class _Group:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self._send = transport.send


class AsyncTasks(_Group):
    """One execution of something to send."""

    async def create(self, task: T.NewTask, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Sends ``payload`` to an endpoint or a URL: now, at ``run_at``, or ``delay_seconds`` from now."""
        return await self._send("POST", "/v1/tasks", body=task, **options)

    async def batch(self, tasks: Sequence[T.NewTask], **options: Unpack[CallOptions]) -> T.TaskResults:
        """Up to 100 tasks, each accepted or refused by itself: look at the ``status`` of each result."""
        return await self._send("POST", "/v1/tasks/batch", body={"tasks": list(tasks)}, **options)

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithAttempts:
        return await self._send("GET", _at("/v1/tasks", id), **options)

    def list(self, filters: T.ListTasksQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.TaskRun]:
        return AsyncPages(self._transport, "/v1/tasks", filters, options)

    async def cancel(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Cancels a run that has not ended; if it succeeds meanwhile, the success wins."""
        return await self._send("POST", _at("/v1/tasks", id, "cancel"), **options)

    async def cancel_all(self, filters: T.NewBulkCancel, **options: Unpack[CallOptions]) -> T.BulkJob:
        """Cancels all that the filters match, or up to 100 ``ids``, in the background."""
        return await self._send("POST", "/v1/tasks/cancel", body=filters, **options)

    async def cancel_all_dry_run(self, filters: T.NewBulkCancel, **options: Unpack[CallOptions]) -> T.BulkCount:
        """How many runs ``cancel_all`` would mean."""
        return await self._send("POST", "/v1/tasks/cancel", body={**filters, "dry_run": True}, **options)

    async def resend(self, id: str, changes: T.Resending | None = None, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Sends an ended run again as a new run, with a changed payload, headers or endpoint if given."""
        return await self._send("POST", _at("/v1/tasks", id, "resend"), body=changes or {}, **options)

    async def wait(self, id: str, for_seconds: float = 60, **options: Unpack[CallOptions]) -> T.TaskRunWithAttempts:
        """Waits until the run has ended, or ``for_seconds`` are up, and answers it: look at its ``status``."""
        until = time.monotonic() + for_seconds
        while True:
            asked = time.monotonic()
            query = {"timeout_seconds": max(1, min(_MOST_WAIT_SECONDS, ceil(until - asked)))}
            run: T.TaskRunWithAttempts = await self._send("GET", _at("/v1/tasks", id, "wait"), query=query, **options)
            left = until - time.monotonic()
            if run["finished_at"] is not None or left <= 0:
                return run
            await async_sleep(max(0, min(left, _ASK_AGAIN_SECONDS - (time.monotonic() - asked))))

    async def redact(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithAttempts:
        """Removes the content of an ended run for good."""
        return await self._send("POST", _at("/v1/tasks", id, "redact"), **options)


class AsyncEvents(_Group):
    """Why to send: a named event makes a task run for every endpoint that listens."""

    async def publish(self, event: T.NewEvent, **options: Unpack[CallOptions]) -> T.EventWithPayload:
        return await self._send("POST", "/v1/events", body=event, **options)

    async def batch(self, events: Sequence[T.NewEvent], **options: Unpack[CallOptions]) -> T.EventResults:
        """Up to 100 events, each accepted or refused by itself: look at the ``status`` of each result."""
        return await self._send("POST", "/v1/events/batch", body={"events": list(events)}, **options)

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.EventWithTasks:
        return await self._send("GET", _at("/v1/events", id), **options)

    def list(self, filters: T.ListEventsQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.Event]:
        return AsyncPages(self._transport, "/v1/events", filters, options)


class AsyncEndpoints(_Group):
    """Where to send."""

    async def create(self, endpoint: T.NewEndpoint, **options: Unpack[CallOptions]) -> T.EndpointWithSecret:
        """The answer shows ``signing_secret`` this once."""
        return await self._send("POST", "/v1/endpoints", body=endpoint, **options)

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.Endpoint:
        return await self._send("GET", _at("/v1/endpoints", id), **options)

    def list(self, filters: T.ListEndpointsQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.Endpoint]:
        return AsyncPages(self._transport, "/v1/endpoints", filters, options)

    async def update(self, id: str, changes: T.EndpointPatch, **options: Unpack[CallOptions]) -> T.Endpoint:
        """Changes the given fields; None gives a field its default back. ``{"status": "paused"}`` pauses."""
        return await self._send("PATCH", _at("/v1/endpoints", id), body=changes, **options)

    async def delete(self, id: str, **options: Unpack[CallOptions]) -> None:
        await self._send("DELETE", _at("/v1/endpoints", id), **options)

    async def put(self, key: str, endpoint: T.PutEndpoint, **options: Unpack[CallOptions]) -> T.Endpoint | T.EndpointWithSecret:
        """Creates the endpoint of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default. The answer to the creation shows ``signing_secret`` this once."""
        return await self._send("PUT", _at("/v1/endpoints/by-name", key), body=endpoint, **options)

    async def get_by_key(self, key: str, **options: Unpack[CallOptions]) -> T.Endpoint:
        return await self._send("GET", _at("/v1/endpoints/by-name", key), **options)

    async def delete_by_key(self, key: str, **options: Unpack[CallOptions]) -> None:
        await self._send("DELETE", _at("/v1/endpoints/by-name", key), **options)

    async def rotate_secret(self, id: str, rotation: T.Rotation | None = None, **options: Unpack[CallOptions]) -> T.EndpointWithSecret:
        """A new secret; the replaced one signs ``grace_seconds`` longer, a day unless given."""
        return await self._send("POST", _at("/v1/endpoints", id, "rotate-secret"), body=rotation or {}, **options)

    async def test(self, id: str, **options: Unpack[CallOptions]) -> T.DeliveryAttempt | T.TaskRunWithPayload:
        """Sends a signed sample: its attempt, or its run if the attempt takes longer than a few seconds."""
        return await self._send("POST", _at("/v1/endpoints", id, "test"), **options)

    async def recover(self, id: str, recovery: T.Recovery, **options: Unpack[CallOptions]) -> T.BulkReplay:
        """Replays the endpoint's open dead letters."""
        return await self._send("POST", _at("/v1/endpoints", id, "recover"), body=recovery, **options)


class AsyncSchedules(_Group):
    """When to send: a cron expression in a time zone, or one moment."""

    async def create(self, schedule: T.NewSchedule, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        return await self._send("POST", "/v1/schedules", body=schedule, **options)

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        return await self._send("GET", _at("/v1/schedules", id), **options)

    def list(self, filters: T.ListSchedulesQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.Schedule]:
        return AsyncPages(self._transport, "/v1/schedules", filters, options)

    async def update(self, id: str, changes: T.SchedulePatch, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        """Changes the given fields; None gives a field its default back. ``{"status": "paused"}`` pauses."""
        return await self._send("PATCH", _at("/v1/schedules", id), body=changes, **options)

    async def delete(self, id: str, **options: Unpack[CallOptions]) -> None:
        await self._send("DELETE", _at("/v1/schedules", id), **options)

    async def put(self, key: str, schedule: T.PutSchedule, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        """Creates the schedule of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default."""
        return await self._send("PUT", _at("/v1/schedules/by-name", key), body=schedule, **options)

    async def get_by_key(self, key: str, **options: Unpack[CallOptions]) -> T.ScheduleWithPayload:
        return await self._send("GET", _at("/v1/schedules/by-name", key), **options)

    async def delete_by_key(self, key: str, **options: Unpack[CallOptions]) -> None:
        await self._send("DELETE", _at("/v1/schedules/by-name", key), **options)

    async def run(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Makes a task run of the schedule now, beside its own."""
        return await self._send("POST", _at("/v1/schedules", id, "run"), **options)

    def runs(self, id: str, filters: T.ListScheduleRunsQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.TaskRun]:
        return AsyncPages(self._transport, _at("/v1/schedules", id, "runs"), filters, options)

    async def backfill(self, id: str, backfill: T.NewBackfill, **options: Unpack[CallOptions]) -> T.Backfill:
        """Makes the runs of past occurrences that have none, or counts them (``dry_run``)."""
        return await self._send("POST", _at("/v1/schedules", id, "backfill"), body=backfill, **options)

    async def preview(self, request: T.SchedulePreviewRequest, **options: Unpack[CallOptions]) -> T.SchedulePreview:
        """What an expression means, and its next moments."""
        return await self._send("POST", "/v1/schedules/preview", body=request, **options)


class AsyncRetryPolicies(_Group):
    """How often, and how long after a failure, a call is tried again."""

    async def create(self, retry_policy: T.NewRetryPolicy, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        return await self._send("POST", "/v1/retry-policies", body=retry_policy, **options)

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        return await self._send("GET", _at("/v1/retry-policies", id), **options)

    def list(self, filters: T.ListRetryPoliciesQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.RetryPolicy]:
        return AsyncPages(self._transport, "/v1/retry-policies", filters, options)

    async def update(self, id: str, changes: T.RetryPolicyPatch, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        """Changes the given fields; None gives a field its default back."""
        return await self._send("PATCH", _at("/v1/retry-policies", id), body=changes, **options)

    async def delete(self, id: str, **options: Unpack[CallOptions]) -> None:
        await self._send("DELETE", _at("/v1/retry-policies", id), **options)

    async def put(self, key: str, retry_policy: T.PutRetryPolicy, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        """Creates the retry policy of this key, a name of your own, or makes it as the body says: what the body leaves out gets its default."""
        return await self._send("PUT", _at("/v1/retry-policies/by-name", key), body=retry_policy, **options)

    async def get_by_key(self, key: str, **options: Unpack[CallOptions]) -> T.RetryPolicy:
        return await self._send("GET", _at("/v1/retry-policies/by-name", key), **options)

    async def delete_by_key(self, key: str, **options: Unpack[CallOptions]) -> None:
        await self._send("DELETE", _at("/v1/retry-policies/by-name", key), **options)


class AsyncDeliveries(_Group):
    """Every call that was made."""

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.DeliveryAttempt:
        return await self._send("GET", _at("/v1/deliveries", id), **options)

    def list(self, filters: T.ListDeliveriesQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.DeliveryAttempt]:
        return AsyncPages(self._transport, "/v1/deliveries", filters, options)


class AsyncRetryJobs(_Group):
    """Task runs that wait for their next attempt."""

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.RetryJob:
        return await self._send("GET", _at("/v1/retry-jobs", id), **options)

    def list(self, filters: T.ListRetryJobsQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.RetryJob]:
        return AsyncPages(self._transport, "/v1/retry-jobs", filters, options)

    async def run(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Makes the next attempt now."""
        return await self._send("POST", _at("/v1/retry-jobs", id, "run"), **options)

    async def give_up(self, id: str, **options: Unpack[CallOptions]) -> None:
        """Gives the run up: it becomes a dead letter."""
        await self._send("DELETE", _at("/v1/retry-jobs", id), **options)


class AsyncDeadLetters(_Group):
    """Task runs that will not be tried again by themselves."""

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.DeadLetterWithPayload:
        return await self._send("GET", _at("/v1/dead-letters", id), **options)

    def list(self, filters: T.ListDeadLettersQuery | None = None, **options: Unpack[CallOptions]) -> AsyncPages[T.DeadLetter]:
        return AsyncPages(self._transport, "/v1/dead-letters", filters, options)

    async def replay(self, id: str, **options: Unpack[CallOptions]) -> T.TaskRunWithPayload:
        """Delivers the run again, with all attempts of its policy and under the same ``webhook-id``."""
        return await self._send("POST", _at("/v1/dead-letters", id, "replay"), **options)

    async def replay_all(self, filters: T.NewBulkReplay, **options: Unpack[CallOptions]) -> T.BulkReplay:
        """Replays all that the filters match, or up to 100 ``ids``, in the background."""
        return await self._send("POST", "/v1/dead-letters/replay", body=filters, **options)

    async def replay_all_dry_run(self, filters: T.NewBulkReplay, **options: Unpack[CallOptions]) -> T.BulkCount:
        """How many dead letters ``replay_all`` would mean."""
        return await self._send("POST", "/v1/dead-letters/replay", body={**filters, "dry_run": True}, **options)

    async def replay_job(self, id: str, **options: Unpack[CallOptions]) -> T.BulkReplay:
        """How far a bulk replay has come."""
        return await self._send("GET", _at("/v1/dead-letters/replays", id), **options)

    async def resolve(self, id: str, resolution: T.Resolution, **options: Unpack[CallOptions]) -> T.DeadLetterWithPayload:
        """Closes the dead letter without a call; ``note`` says why."""
        return await self._send("POST", _at("/v1/dead-letters", id, "resolve"), body=resolution, **options)

    async def resolve_all(self, filters: T.NewBulkResolution, **options: Unpack[CallOptions]) -> T.BulkJob:
        """Closes all that the filters match, or up to 100 ``ids``, in the background; ``note`` says why."""
        return await self._send("POST", "/v1/dead-letters/resolve", body=filters, **options)

    async def resolve_all_dry_run(self, filters: T.NewBulkResolution, **options: Unpack[CallOptions]) -> T.BulkCount:
        """How many dead letters ``resolve_all`` would mean."""
        return await self._send("POST", "/v1/dead-letters/resolve", body={**filters, "dry_run": True}, **options)


class AsyncListeners(_Group):
    """A developer's machine that gets the calls of endpoints in place of their URLs, as ``punctual listen`` does."""

    async def start(self, endpoint_ids: Sequence[str], **options: Unpack[CallOptions]) -> T.Listener:
        """It ends a minute after it last took requests."""
        return await self._send("POST", "/v1/listeners", body={"endpoint_ids": [*endpoint_ids]}, **options)

    async def get(self, id: str, **options: Unpack[CallOptions]) -> T.Listener:
        return await self._send("GET", _at("/v1/listeners", id), **options)

    async def list(self, **options: Unpack[CallOptions]) -> Sequence[T.Listener]:
        answer: T.ListenerList = await self._send("GET", "/v1/listeners", **options)
        return answer["data"]

    async def take(self, id: str, **options: Unpack[CallOptions]) -> Sequence[T.ListenerRequest]:
        """Waits some seconds for the first request; each is given once. What is taken must be answered."""
        answer: T.ListenerRequestList = await self._send("GET", _at("/v1/listeners", id, "requests"), **options)
        return answer["data"]

    async def answer(self, id: str, request: str, answer: T.ListenerAnswer, **options: Unpack[CallOptions]) -> None:
        """The receiver's answer, or why there is none (``{"error": "ECONNREFUSED"}``): the outcome of the attempt."""
        await self._send("POST", _at("/v1/listeners", id, "requests", request, "answer"), body=answer, **options)

    async def end(self, id: str, **options: Unpack[CallOptions]) -> None:
        """The URLs are called again."""
        await self._send("DELETE", _at("/v1/listeners", id), **options)
