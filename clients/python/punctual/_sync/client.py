from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from .. import types as T
from .._requests import CallOptions, sleep
from .._typing import Self, Unpack
from .groups import (
    DeadLetters,
    Deliveries,
    Endpoints,
    Events,
    Listeners,
    RetryJobs,
    RetryPolicies,
    Schedules,
    Tasks,
)
from .transport import Transport


class Punctual:
    """The API of Punctual, as one project's key sees it. Fields have the names that the API gives them.

    Every call raises a ``PunctualError``: an ``ApiError`` if the API refused it, else an ``UnreachableError``.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        timeout_seconds: float = 10,
        retries: int = 4,
        http: httpx.BaseTransport | None = None,
    ) -> None:
        """
        :param url: the API's address: ``https://….execute-api.….amazonaws.com``, or ``http://127.0.0.1:8787`` of a local stack
        :param api_key: a project's key, ``sk_…``
        :param timeout_seconds: longest wait of one HTTP request: to connect, and for the server's next bytes
        :param retries: how often a request is sent again after a network error, a 429 or a 5xx
        :param http: used in place of httpx's own transport
        """
        self._transport = Transport(url, api_key, timeout_seconds, retries, http)
        self.tasks = Tasks(self._transport)
        self.events = Events(self._transport)
        self.endpoints = Endpoints(self._transport)
        self.schedules = Schedules(self._transport)
        self.retry_policies = RetryPolicies(self._transport)
        self.deliveries = Deliveries(self._transport)
        self.retry_jobs = RetryJobs(self._transport)
        self.dead_letters = DeadLetters(self._transport)
        self.listeners = Listeners(self._transport)

    def search(self, q: str, **options: Unpack[CallOptions]) -> list[T.Found]:
        """Up to 20 objects by the begin of an id, a key, a name or a label, or by a whole event key or Idempotency-Key."""
        answer: T.FoundList = self._transport.send("GET", "/v1/search", query={"q": q}, **options)
        return answer["data"]

    def feed(
        self, filters: T.GetFeedQuery | None = None, *, every_seconds: float = 2, **options: Unpack[CallOptions]
    ) -> Iterator[T.FeedRun | T.FeedAttempt]:
        """Task runs and delivery attempts as they change, from a minute ago or from ``since`` on, until the loop is left.

        Asks every ``every_seconds``, and at once while there is more. ``type`` tells a run from an attempt.
        """
        query: dict[str, Any] = {**(filters or {})}
        while True:
            asked = time.monotonic()
            *changes, page = self._transport.send("GET", "/v1/feed", query=query, **options)
            for change in changes:
                yield change
            query = {**query, "since": None, "cursor": page["data"]["cursor"]}
            if not page["data"]["more"]:
                sleep(max(0, every_seconds - (time.monotonic() - asked)))

    def bulk_job(self, id: str, **options: Unpack[CallOptions]) -> T.BulkJob:
        """How far a bulk replay, resolution or cancellation has come."""
        return self._transport.send("GET", f"/v1/bulk-jobs/{quote(id, safe='')}", **options)

    def usage(self, **options: Unpack[CallOptions]) -> T.Usage:
        """The project's quotas, and what it has used of them."""
        return self._transport.send("GET", "/v1/usage", **options)

    def close(self) -> None:
        """Closes the connections that are kept open; a ``with`` block does so, too."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
