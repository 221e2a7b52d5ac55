"""The objects of one project in memory, behind the API's own routes, for the doubles of ``punctual.testing``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

Object = dict[str, Any]

#: Of the double of the TypeScript client, by ``npm run clients:types``.
_DEFAULTS: dict[str, Any] = json.loads(Path(__file__).with_name("double.json").read_text(encoding="utf-8"))
_KINDS: dict[str, Any] = _DEFAULTS["kinds"]
_ENDED = {"success", "cancelled", "dead_letter", "skipped"}
_PAGING = {"page_size", "cursor", "since", "until"}
#: What a request says, and no answer shows under the same name.
_NOT_SHOWN = {"tasks": {"delay_seconds", "retry_policy_id"}, "endpoints": {"signing_secret"}}
_SENT_MOMENTS = {"run_at", "start_at", "end_at"}


@dataclass(frozen=True)
class SentRequest:
    """A request as it was sent, once for each call: retries of a call are one request."""

    method: str
    #: With its query: ``/v1/tasks?status=pending``.
    path: str
    #: Parsed from JSON; None if the request had none.
    body: Any
    idempotency_key: str | None


@dataclass(frozen=True)
class _Answer:
    status: int
    body: Any = None


def now() -> str:
    return _iso(time.time())


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: Any) -> Any:
    return _iso(value) if isinstance(value, (int, float)) else value


def _due(body: Mapping[str, Any]) -> str:
    if "delay_seconds" in body:
        return _iso(time.time() + body["delay_seconds"])
    return _moment(body["run_at"]) if body.get("run_at") else now()


def _without(object: Mapping[str, Any], fields: Any) -> Object:
    return {name: value for name, value in object.items() if name not in fields}


def _problem(status: int, code: str, detail: str) -> _Answer:
    problem = {"type": "about:blank", "title": detail, "status": status, "detail": detail, "code": code}
    return _Answer(status, {**problem, "request_id": "test-double"})


class Memory:
    """It makes no call, and no moment comes."""

    def __init__(self) -> None:
        self.sent: list[SentRequest] = []
        self.objects: dict[str, Object] = {}
        self._answers: dict[tuple[str, str, str], _Answer] = {}
        self._failures: list[_Answer] = []
        self._made = count()

    def handle(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, parse_qsl(request.url.query.decode(), keep_blank_values=True)
        key = request.headers.get("idempotency-key")
        body = json.loads(request.content) if request.content else None
        if key is None or all(sent.idempotency_key != key for sent in self.sent):
            shown = f"{path}?{request.url.query.decode()}" if request.url.query else path
            self.sent.append(SentRequest(request.method, shown, body, key))
        if self._failures:
            return _response(self._failures.pop(0))
        known = (request.method, path, key or "")
        answer = self._answers.get(known) or self._answer(request.method, path, query, body or {})
        if key is not None:
            self._answers[known] = answer
        return _response(answer)

    def fail_next(self, status: int, detail: str) -> None:
        self._failures.append(_problem(status, "failed_by_the_test", detail))

    def put(self, id: str, fields: Mapping[str, Any]) -> Object:
        """Puts an object there, or changes it."""
        self.objects[id] = {**self.objects.get(id, {}), **fields, "id": id}
        return self.objects[id]

    def create(self, kind: str, body: Mapping[str, Any]) -> Object:
        defaults, moment = _KINDS[kind], now()
        id = f"{defaults['prefix']}_{int(time.time() * 1000):012x}70008{next(self._made):015x}"
        given = _without(body, _NOT_SHOWN.get(kind, ()))
        given |= {name: _moment(given[name]) for name in _SENT_MOMENTS & given.keys()}
        if "target" in given:
            given["target"] = {**_DEFAULTS["target"], **given["target"]}
        if kind == "tasks":
            given["run_at"] = given["next_attempt_at"] = _due(body)
        return self.put(id, {**dict.fromkeys(defaults["moments"], moment), **defaults["shown"], **given})

    def _answer(self, method: str, path: str, query: list[tuple[str, str]], body: Mapping[str, Any]) -> _Answer:
        _, _, name, id, action, *_ = [*path.split("/"), "", "", "", ""]
        kind = _KINDS.get(name)
        if kind is None:
            return _problem(501, "not_in_the_double", f"The double does not know {path}.")
        if method == "POST" and id == "":
            own_secret = {field: body[field] for field in kind["once"] if field in body}
            return _Answer(202 if name == "events" else 201, {**self.create(name, body), **kind["once"], **own_secret})
        if method == "POST" and id == "batch":
            status = 202 if name == "events" else 201
            made = [_without(self.create(name, each), kind["alone"]) for each in body[name]]
            return _Answer(200, {"data": [{"status": status, name[:-1]: each} for each in made]})
        if method == "GET" and id == "":
            return self._list(kind, query, lambda _: True)
        found = self.objects.get(id)
        if found is None:
            return _problem(404, "not_found", f"There is no {id}.")
        if action:
            return self._act(f"{name}/{action}", found, query, body)
        if method == "GET":
            return _Answer(200, {**kind["whole"], **found})
        if method == "PATCH":
            return _Answer(200, self.put(id, {**body, "updated_at": now()}))
        del self.objects[id]
        return _Answer(204)

    def _list(self, kind: Any, query: list[tuple[str, str]], belongs: Callable[[Object], bool]) -> _Answer:
        """A filter matches the field of its name, or a label."""
        paging = {name: value for name, value in query if name in _PAGING}
        filters = [(name, value) for name, value in query if name not in _PAGING]
        start, size = int(paging.get("cursor", 0)), int(paging.get("page_size", 20))
        matching = [
            object
            for id, object in reversed(self.objects.items())
            if id.startswith(f"{kind['prefix']}_") and belongs(object) and all(_matches(object, *one) for one in filters)
        ]
        data = [_without(object, kind["alone"]) for object in matching[start : start + size]]
        next_cursor = str(start + size) if start + size < len(matching) else None
        return _Answer(200, {"data": data, "page": 1, "page_size": size, "next_cursor": next_cursor})

    def _act(self, action: str, object: Object, query: list[tuple[str, str]], body: Mapping[str, Any]) -> _Answer:
        id = object["id"]
        if action == "tasks/cancel":
            if object["status"] in _ENDED:
                return _problem(409, "conflict", f"The task run is {object['status']} already.")
            return _Answer(200, self.put(id, {"status": "cancelled", "finished_at": now(), "next_attempt_at": None}))
        if action == "schedules/run":
            copied = ["name", "labels", "endpoint_id", "target", "payload"]
            run = self.create("tasks", {name: object[name] for name in copied if name in object})
            return _Answer(202, self.put(run["id"], {"source": {"type": "manual", "id": id}}))
        if action == "schedules/runs":
            return self._list(_KINDS["tasks"], query, lambda run: bool(run["source"]["id"] == id))
        if action == "endpoints/rotate-secret":
            return _Answer(200, {**object, **_KINDS["endpoints"]["once"], **body})
        if action == "dead-letters/replay":
            self.put(id, {"status": "replayed"})
            waiting = {"status": "pending", "finished_at": None, "next_attempt_at": now()}
            return _Answer(202, self.put(object["task_id"], waiting))
        if action == "dead-letters/resolve":
            return _Answer(200, self.put(id, {"status": "resolved", **body}))
        return _problem(501, "not_in_the_double", f"The double does not know {action}.")


def _matches(object: Object, name: str, value: str) -> bool:
    if name != "label":
        return bool(object.get(name) == value)
    key, _, wanted = value.partition(":")
    return bool(object.get("labels", {}).get(key) == wanted)


def _response(answer: _Answer) -> httpx.Response:
    if answer.body is None:
        return httpx.Response(answer.status)
    kind = "application/json" if answer.status < 400 else "application/problem+json"
    return httpx.Response(answer.status, content=json.dumps(answer.body), headers={"content-type": kind})
