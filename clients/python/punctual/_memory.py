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
_PAGING = {"page_size", "cursor", "since", "until", "wait_seconds"}
#: What takes a filter or ids, in place of one id.
_BULK = {"cancel", "replay", "resolve"}
_NO_FILTER = {"ids", "dry_run", "note", "labels", "since", "until"}
#: Found by their names, but for runs that have the name of their schedule.
_NAMED = {"tasks", "endpoints", "schedules", "retry-policies"}
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
        #: Ids of runs, one for each change.
        self._changes: list[str] = []
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
        if id.startswith(f"{_KINDS['tasks']['prefix']}_"):
            self._changes.append(id)
        return self.objects[id]

    def create(self, kind: str, body: Mapping[str, Any], id: str | None = None) -> Object:
        defaults, moment = _KINDS[kind], now()
        id = id or f"{defaults['prefix']}_{int(time.time() * 1000):012x}70008{next(self._made):015x}"
        given = _without(body, _NOT_SHOWN.get(kind, ()))
        given |= {name: _moment(given[name]) for name in _SENT_MOMENTS & given.keys()}
        if "target" in given:
            given["target"] = {**_DEFAULTS["target"], **given["target"]}
        if kind == "tasks":
            given["run_at"] = given["next_attempt_at"] = _due(body)
        return self.put(id, {**dict.fromkeys(defaults["moments"], moment), **defaults["shown"], **given})

    def _answer(self, method: str, path: str, query: list[tuple[str, str]], body: Mapping[str, Any]) -> _Answer:
        _, _, name, id, action, *_ = [*path.split("/"), "", "", "", ""]
        if name == "search":
            return self._search(dict(query)["q"])
        if name == "feed":
            return self._feed(query)
        kind = _KINDS.get(name)
        if kind is None:
            return _problem(501, "not_in_the_double", f"The double does not know {path}.")
        if method == "POST" and id == "":
            return _Answer(202 if name == "events" else 201, self._made_once(name, body))
        if method == "POST" and id == "batch":
            status = 202 if name == "events" else 201
            made = [_without(self.create(name, each), kind["alone"]) for each in body[name]]
            return _Answer(200, {"data": [{"status": status, name[:-1]: each} for each in made]})
        if method == "POST" and action == "" and id in _BULK:
            return self._bulk(name, id, body)
        if id == "by-name":
            return self._by_key(method, name, action, body)
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

    def _made_once(self, name: str, body: Mapping[str, Any]) -> Object:
        once = _KINDS[name]["once"]
        return {**self.create(name, body), **once, **{field: body[field] for field in once if field in body}}

    def _by_key(self, method: str, name: str, key: str, body: Mapping[str, Any]) -> _Answer:
        kind = _KINDS[name]
        of_kind = (one for id, one in self.objects.items() if id.startswith(f"{kind['prefix']}_"))
        found = next((one for one in of_kind if one.get("key") == key), None)
        if method == "PUT" and found is None:
            return _Answer(201, self._made_once(name, {"name": key, **body, "key": key}))
        if found is None:
            return _problem(404, "not_found", f"There is no {key}.")
        if method == "PUT":
            kept: Object = {field: found[field] for field in ("status", "created_at") if field in found}
            return _Answer(200, self.create(name, {"name": key, **kept, **body, "key": key}, found["id"]))
        if method == "GET":
            return _Answer(200, {**kind["whole"], **found})
        del self.objects[found["id"]]
        return _Answer(204)

    def _bulk(self, name: str, action: str, body: Mapping[str, Any]) -> _Answer:
        """Done at once."""
        filters = list(_without(body, _NO_FILTER).items())
        filters += [("label", f"{key}:{value}") for key, value in body.get("labels", {}).items()]
        meant = [
            one
            for id, one in self.objects.items()
            if id.startswith(f"{_KINDS[name]['prefix']}_")
            and id in body.get("ids", [id])
            and (one["status"] not in _ENDED if name == "tasks" else one["status"] == "open")
            and all(_matches(one, *each) for each in filters)
        ]
        if body.get("dry_run"):
            return _Answer(200, {"dry_run": True, "count": len(meant), "is_complete": True})
        for one in meant:
            self._act(f"{name}/{action}", one, [], {"note": body["note"]} if "note" in body else {})
        job = self.create("bulk-jobs", {"action": action, "done": len(meant)})
        if action != "replay":
            return _Answer(202, job)
        shown = {"endpoint_id": body.get("endpoint_id"), "reason": body.get("reason")}
        times = {"since": _moment(body.get("since")), "until": _moment(body.get("until", now()))}
        return _Answer(202, {**_without(job, {"action", "done"}), "replayed": len(meant), **shown, **times})

    def _search(self, q: str) -> _Answer:
        """As the service, but for Idempotency-Keys, and in the order in which the objects were made."""
        data: list[Object] = []
        for name, kind in _KINDS.items():
            for id, one in self.objects.items():
                by = _found_by(name, one, q) if id.startswith(f"{kind['prefix']}_") else None
                if by is not None:
                    shown = {"name": one.get("name", one.get("event_name")), "by": by, "created_at": one["created_at"]}
                    data.append({"kind": kind["found"], "id": id, **shown})
        order = list(self.objects)
        return _Answer(200, {"data": sorted(data, key=lambda one: order.index(one["id"]))[:20]})

    def _feed(self, query: list[tuple[str, str]]) -> _Answer:
        """The task runs that have changed since the cursor, or ever; there are no attempts."""
        filters = [(name, value) for name, value in query if name not in _PAGING]
        changed = dict.fromkeys(self._changes[int(dict(query).get("cursor", 0)) :])
        lines: list[Object] = [
            {
                "type": "task_run",
                "version": self._changes.count(id),
                "data": _without(self.objects[id], _KINDS["tasks"]["alone"]),
            }
            for id in changed
            if all(_matches({**self.objects[id], "type": "task_run", "task_id": id}, *one) for one in filters)
        ]
        page = {"type": "page", "data": {"cursor": str(len(self._changes)), "more": False}}
        return _Answer(200, [*lines, page])

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
        if action == "tasks/wait":
            return _Answer(200, {**_KINDS["tasks"]["whole"], **object})
        if action == "tasks/resend":
            if object["status"] not in _ENDED:
                return _problem(409, "conflict", f"The task run is {object['status']}.")
            return _Answer(201, self.put(self._copy(object, body)["id"], {"resent_from": id}))
        if action == "schedules/backfill":
            made = {"occurrences": 0, "missed": 0, "next_from": None}
            return _Answer(200, {**made, "dry_run": body.get("dry_run", False)})
        if action == "schedules/run":
            run = self._copy(object, {})
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

    def _copy(self, object: Object, changes: Mapping[str, Any]) -> Object:
        """A new task run with the content of a schedule, or of another run."""
        copied = ["name", "labels", "endpoint_id", "target", "payload"]
        return self.create("tasks", {**{name: object[name] for name in copied if name in object}, **changes})


def _matches(object: Object, name: str, value: str) -> bool:
    if name != "label":
        return bool(object.get(name) == value)
    key, _, wanted = value.partition(":")
    return bool(object.get("labels", {}).get(key) == wanted)


def _found_by(name: str, object: Object, q: str) -> str | None:
    if "_" in q and object["id"].startswith(q):
        return "id"
    if str(object.get("key", "")).startswith(q):
        return "key"
    is_own = name in _NAMED and object.get("source", {}).get("type") != "manual"
    if is_own and (object.get("name") or "").startswith(q):
        return "name"
    if object.get("event_key") == q:
        return "event_key"
    labels = object.get("labels", {}).items()
    return "label" if ":" in q and any(f"{key}:{value}".startswith(q) for key, value in labels) else None


def _response(answer: _Answer) -> httpx.Response:
    if answer.body is None:
        return httpx.Response(answer.status)
    kind = "application/json" if answer.status < 400 else "application/problem+json"
    return httpx.Response(answer.status, content=json.dumps(answer.body), headers={"content-type": kind})
