"""Does what the shared table says, by the client that waits or the asynchronous one, and prints what came of it."""

import asyncio
import json
import sys
from datetime import datetime, timezone
from itertools import islice
from typing import Any

from punctual import ApiError, AsyncPunctual, Punctual, PunctualError, SignatureError, verify
from punctual.types import GetFeedQuery, ListTasksQuery, NewTask

TASK: NewTask = {"endpoint_id": "ep_1", "payload": {"a": "<ü>"}}
FILTERS: ListTasksQuery = {
    "status": "pending",
    "label": ["a:1", "b:2"],
    "since": datetime(2026, 11, 30, microsecond=125_000, tzinfo=timezone.utc),
}
FEED: GetFeedQuery = {"label": ["a:1"], "since": FILTERS["since"]}


def id_of(answer: Any) -> dict[str, Any]:
    return {"id": answer["id"]}


def waiting(punctual: Punctual, call: str, options: Any) -> dict[str, Any]:
    match call:
        case "create":
            return id_of(punctual.tasks.create(TASK, **options))
        case "get":
            return id_of(punctual.tasks.get("run_1"))
        case "escape":
            return id_of(punctual.tasks.get("a/..?b"))
        case "cancel":
            return id_of(punctual.tasks.cancel("run_1"))
        case "unset":
            return id_of(punctual.endpoints.update("ep_1", {"status": "paused", "rate_limit_per_second": None}))
        case "delete":
            punctual.schedules.delete("sch_1")
            return {}
        case "usage":
            punctual.usage()
            return {}
        case "items":
            return {"ids": [run["id"] for run in punctual.tasks.list(FILTERS)]}
        case "first":
            return {"ids": [next(iter(punctual.tasks.list()))["id"]]}
        case "feed":
            return {"ids": [change["data"]["id"] for change in islice(punctual.feed(FEED, every_seconds=0.5), 3)]}
        case "page":
            page = punctual.tasks.list({"page_size": 2, "cursor": "run_4"}).page()
            return {"ids": [run["id"] for run in page.data], "next_cursor": page.next_cursor}
    raise ValueError(call)


async def asynchronous(punctual: AsyncPunctual, call: str, options: Any) -> dict[str, Any]:
    match call:
        case "create":
            return id_of(await punctual.tasks.create(TASK, **options))
        case "get":
            return id_of(await punctual.tasks.get("run_1"))
        case "escape":
            return id_of(await punctual.tasks.get("a/..?b"))
        case "cancel":
            return id_of(await punctual.tasks.cancel("run_1"))
        case "unset":
            return id_of(await punctual.endpoints.update("ep_1", {"status": "paused", "rate_limit_per_second": None}))
        case "delete":
            await punctual.schedules.delete("sch_1")
            return {}
        case "usage":
            await punctual.usage()
            return {}
        case "items":
            return {"ids": [run["id"] async for run in punctual.tasks.list(FILTERS)]}
        case "first":
            async for run in punctual.tasks.list():
                return {"ids": [run["id"]]}
        case "feed":
            ids: list[str] = []
            async for change in punctual.feed(FEED, every_seconds=0.5):
                ids.append(change["data"]["id"])
                if len(ids) == 3:
                    return {"ids": ids}
        case "page":
            page = await punctual.tasks.list({"page_size": 2, "cursor": "run_4"}).page()
            return {"ids": [run["id"] for run in page.data], "next_cursor": page.next_cursor}
    raise ValueError(call)


def told(error: PunctualError) -> dict[str, Any]:
    if not isinstance(error, ApiError):
        return {"error": {"type": type(error).__name__}}
    return {
        "error": {
            "type": type(error).__name__,
            "status": error.status,
            "code": error.code,
            "message": str(error),
            "faults": error.faults,
            "request_id": error.request_id,
            "retry_after_seconds": error.retry_after_seconds,
        }
    }


def of_client(options: dict[str, Any]) -> dict[str, Any]:
    timeout = {"timeout_seconds": options["timeout_ms"] / 1000} if "timeout_ms" in options else {}
    return {name: options[name] for name in ["retries"] if name in options} | timeout


def of_call(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ["idempotency_key"] if name in options}


def run_waiting(case: Any) -> dict[str, Any]:
    options = case["options"]
    with Punctual(case["url"], "sk_1", **of_client(options)) as punctual:
        try:
            return waiting(punctual, case["call"], of_call(options))
        except PunctualError as error:
            return told(error)


async def run_asynchronous(case: Any) -> dict[str, Any]:
    options = case["options"]
    async with AsyncPunctual(case["url"], "sk_1", **of_client(options)) as punctual:
        try:
            return await asynchronous(punctual, case["call"], of_call(options))
        except PunctualError as error:
            return told(error)


async def run_all_asynchronous(cases: Any) -> list[dict[str, Any]]:
    return [await run_asynchronous(case) for case in cases]


def verified(case: Any) -> dict[str, Any]:
    now = datetime.fromtimestamp(case["now"], timezone.utc)
    tolerance = {name: case[name] for name in ["tolerance_seconds"] if name in case}
    try:
        call = verify(case["headers"], case["body"], case["secrets"], now=now, **tolerance)
    except SignatureError as error:
        return {"reason": error.reason}
    return {
        "id": call.id,
        "signed_at": call.signed_at.timestamp(),
        "attempt": call.attempt,
        "scheduled_for": call.scheduled_for and call.scheduled_for.timestamp(),
        "schedule_id": call.schedule_id,
        "event_name": call.event_name,
        "event_key": call.event_key,
        "json": call.json(),
    }


kind, file = sys.argv[1:]
with open(file, encoding="utf-8") as opened:
    table = json.load(opened)
calls = table["calls"]
outcomes = asyncio.run(run_all_asynchronous(calls)) if kind == "async" else [run_waiting(case) for case in calls]
print(json.dumps({"calls": outcomes, "verifications": [verified(case) for case in table["verifications"]]}))
