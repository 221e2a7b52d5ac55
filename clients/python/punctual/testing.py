"""Doubles for the tests of your application."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Literal, NamedTuple

import httpx

from . import AsyncPunctual, Punctual
from ._memory import Memory, SentRequest, now
from .types import NewTask
from .verification import sign

__all__ = ["AsyncPunctualDouble", "PunctualDouble", "SentRequest", "SignedCall", "signed_call"]


class _Double:
    """Keeps what was sent in memory, and answers in the API's own form, through the same client.

    It calls nothing, computes no moments, and does not check what the API checks: for that there is the local stack.
    """

    _memory: Memory

    @property
    def sent(self) -> Sequence[SentRequest]:
        """All requests, the oldest first. A call that was retried is there once."""
        return self._memory.sent

    @property
    def sent_tasks(self) -> Sequence[NewTask]:
        """The bodies of the tasks that were sent, also in batches, the oldest first."""
        tasks: list[NewTask] = []
        for request in self.sent:
            if (request.method, request.path) == ("POST", "/v1/tasks"):
                tasks.append(request.body)
            if (request.method, request.path) == ("POST", "/v1/tasks/batch"):
                tasks.extend(request.body["tasks"])
        return tasks

    def fail_next(self, status: int, detail: str = "Failed by the test.") -> None:
        """The next request fails with this status: a 429 or 5xx once more for each retry, so queue several."""
        self._memory.fail_next(status, detail)

    def end(self, task_id: str, status: Literal["success", "dead_letter", "skipped"]) -> None:
        """A task run ends; ``dead_letter`` makes its dead letter too."""
        run = self._memory.objects[task_id]
        self._memory.put(task_id, {"status": status, "finished_at": now(), "next_attempt_at": None})
        if status == "dead_letter":
            copied = {name: run[name] for name in ("project_id", "name", "endpoint_id", "attempt_count", "payload")}
            self._memory.create("dead-letters", {**copied, "task_id": task_id}, task_id.replace("run_", "dl_"))


class PunctualDouble(_Double, Punctual):
    """A ``Punctual`` in memory: your code gets it in place of the real one."""

    def __init__(self) -> None:
        self._memory = Memory()
        super().__init__("http://punctual.test", "sk_test", http=httpx.MockTransport(self._memory.handle))


class AsyncPunctualDouble(_Double, AsyncPunctual):
    """An ``AsyncPunctual`` in memory: your code gets it in place of the real one."""

    def __init__(self) -> None:
        self._memory = Memory()
        super().__init__("http://punctual.test", "sk_test", http=httpx.MockTransport(self._memory.handle))


class SignedCall(NamedTuple):
    headers: dict[str, str]
    body: bytes


def signed_call(
    payload: Any,
    secret: str,
    *,
    id: str | None = None,
    signed_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> SignedCall:
    """A call as Punctual signs it, to test a receiver with. A payload that is no str goes out as JSON.

    :param id: ``webhook-id``; a new one unless given
    :param signed_at: the moment of the signature; now unless given
    :param headers: more headers, such as ``punctual-event-name``
    """
    id = id or f"run_{uuid.uuid4().hex}"
    body = (payload if isinstance(payload, str) else json.dumps(payload)).encode()
    moment = signed_at or datetime.now(timezone.utc)
    timestamp = int(moment.timestamp())
    return SignedCall(
        {
            "content-type": "text/plain; charset=utf-8" if isinstance(payload, str) else "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(secret, f"{id}.{timestamp}.".encode() + body),
            "idempotency-key": id,
            "punctual-attempt": "1",
            "punctual-scheduled-for": moment.astimezone(timezone.utc).isoformat(timespec="milliseconds"),
            **(headers or {}),
        },
        body,
    )
