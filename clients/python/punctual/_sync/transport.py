from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic

import httpx

from .._requests import (
    Answer,
    Failure,
    Item,
    Page,
    answer_or_failure,
    sleep,
    backoff_seconds,
    request_of,
    unreachable,
)


class Transport:
    """Sends requests of the API, again if they may pass then."""

    def __init__(
        self,
        url: str,
        api_key: str,
        timeout_seconds: float,
        retries: int,
        http: httpx.BaseTransport | None,
    ) -> None:
        self._base = url.rstrip("/")
        self._api_key = api_key
        self._timeout_seconds = timeout_seconds
        self._retries = retries
        self._http = httpx.Client(transport=http)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout_seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Answers the body of the success."""
        request = request_of(method, self._base + path, self._api_key, query, body, idempotency_key)
        retry = 0
        while True:
            outcome = self._send_once(request, timeout_seconds or self._timeout_seconds)
            if isinstance(outcome, Answer):
                return outcome.body
            if outcome.wait_seconds is None or retry >= self._retries:
                raise outcome.error
            sleep(outcome.wait_seconds or backoff_seconds(retry))
            retry += 1

    def _send_once(self, request: httpx.Request, timeout_seconds: float) -> Answer | Failure:
        request.extensions["timeout"] = httpx.Timeout(timeout_seconds).as_dict()
        try:
            return answer_or_failure(self._http.send(request))
        except (httpx.RequestError, ValueError) as cause:  # A ValueError: a success that is no JSON.
            return unreachable(request, timeout_seconds, cause)

    def close(self) -> None:
        self._http.close()


class Pages(Generic[Item]):
    """A list of the API, newest first.

    Iterating goes through all of its items, and asks for the next page when it is needed; ``page()`` answers one page alone.
    """

    def __init__(
        self, transport: Transport, path: str, query: Mapping[str, Any] | None, options: Mapping[str, Any]
    ) -> None:
        self._transport = transport
        self._path = path
        self._query = query or {}
        self._options = options

    def page(self) -> Page[Item]:
        """The page of the query's ``cursor``, or the first one."""
        return self._load(self._query)

    def __iter__(self) -> Iterator[Item]:
        page = self._load(self._query)
        while True:
            for item in page.data:
                yield item
            if page.next_cursor is None:
                return
            page = self._load({**self._query, "cursor": page.next_cursor})

    def _load(self, query: Mapping[str, Any]) -> Page[Item]:
        answer = self._transport.send("GET", self._path, query=query, **self._options)
        return Page(data=answer["data"], next_cursor=answer["next_cursor"])
