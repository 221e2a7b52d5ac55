"""What a request carries, and when it is sent again: the same for the client that waits and the asynchronous one."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Generic, TypeVar

import httpx

from ._typing import TypedDict
from .errors import ApiError, PunctualError, UnreachableError, api_error

#: A longer Retry-After is not waited for: the caller learns it, as ``retry_after_seconds``.
_MAX_WAIT_SECONDS = 30
_FIRST_WAIT_SECONDS = 0.25
_MAX_BACKOFF_SECONDS = 8.0
#: A repeat of a request in a loop is one more round of the loop.
_LOOP_DETECTED = 508

sleep = time.sleep
async_sleep = asyncio.sleep

Item = TypeVar("Item")


class CallOptions(TypedDict, total=False):
    """What every call takes beside its own arguments."""

    timeout_seconds: float
    """Longest wait of one HTTP request of this call: to connect, and for the server's next bytes."""
    idempotency_key: str
    """
    Makes one thing of all calls under the same key within 24 hours, also after your process died: make it from your own
    data. Without it each call has a fresh key, the same for its retries.
    """


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list, newest first."""

    data: list[Item]
    #: Names the next page as ``cursor``; None on the last one.
    next_cursor: str | None


@dataclass(frozen=True)
class Answer:
    """A success, and its body."""

    body: Any


@dataclass(frozen=True)
class Failure:
    """What a request ended with, and how many seconds to wait before it is sent again.

    0 if the server did not say how long; None if the request must not be sent again.
    """

    error: PunctualError
    wait_seconds: float | None


def request_of(
    method: str,
    url: str,
    api_key: str,
    query: Mapping[str, Any] | None,
    body: Any,
    idempotency_key: str | None,
) -> httpx.Request:
    """The request, with a fresh Idempotency-Key if it writes and has none: it is sent again as it is."""
    headers = {"X-API-Key": api_key}
    if method != "GET":
        headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
    if body is not None:
        headers["Content-Type"] = "application/json"
    content = None if body is None else json.dumps(body, default=_as_json, ensure_ascii=False, allow_nan=False).encode()
    return httpx.Request(method, url, params=_parameters(query or {}), headers=headers, content=content)


def answer_or_failure(response: httpx.Response) -> Answer | Failure:
    if response.is_success:
        return Answer(_parsed(response))
    error = api_error(response)
    return Failure(error, _wait_after(error))


def _parsed(response: httpx.Response) -> Any:
    """JSON; of NDJSON the values of its lines."""
    if response.headers.get("content-type", "").startswith("application/x-ndjson"):
        return [json.loads(line) for line in response.content.splitlines()]
    return response.json() if response.content else None


def unreachable(request: httpx.Request, timeout_seconds: float, cause: Exception) -> Failure:
    why = f"within {timeout_seconds:g} s" if isinstance(cause, httpx.TimeoutException) else f"({cause})"
    error = UnreachableError(f"{request.url.copy_with(query=None)} gave no answer {why}")
    error.__cause__ = cause
    return Failure(error, 0)


def backoff_seconds(retry: int) -> float:
    """Spread, so that many clients do not come back at the same moment."""
    return min(_FIRST_WAIT_SECONDS * 2**retry, _MAX_BACKOFF_SECONDS) * (0.5 + random.random() / 2)


def _wait_after(error: ApiError) -> float | None:
    """A 409 with Retry-After: the first request under this Idempotency-Key still runs."""
    status, retry_after = error.status, error.retry_after_seconds
    may_pass = retry_after is not None or status == 429 or (status >= 500 and status != _LOOP_DETECTED)
    wait = retry_after or 0
    return wait if may_pass and wait <= _MAX_WAIT_SECONDS else None


def _parameters(query: Mapping[str, Any]) -> list[tuple[str, str | int | float | bool | None]]:
    """A list goes out as its parameter several times."""
    given = [(name, value) for name, value in query.items() if value is not None]
    return [
        (name, _as_text(each))
        for name, value in given
        for each in (value if isinstance(value, (list, tuple)) else [value])
    ]


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return _as_json(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_json(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is no JSON")
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone: give it one, such as timezone.utc")
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
