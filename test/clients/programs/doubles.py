"""Holds the doubles of the client for Python against what the double of the client for JavaScript does."""

import asyncio

from punctual import ApiError, ConflictError, NotFoundError
from punctual.testing import AsyncPunctualDouble, PunctualDouble

double = PunctualDouble()
double.fail_next(503)
first = double.tasks.create({"name": "a", "endpoint_id": "ep_1", "payload": {"a": 1}}, idempotency_key="k")
assert double.tasks.create({"name": "a", "endpoint_id": "ep_1"}, idempotency_key="k") == first
double.tasks.batch([{"name": "b", "endpoint_id": "ep_2"}])
double.tasks.create({"name": "c", "endpoint_id": "ep_1", "labels": {"team": "a"}, "delay_seconds": 60})
assert [task["name"] for task in double.sent_tasks] == ["a", "b", "c"]
assert (double.sent[0].path, double.sent[0].idempotency_key) == ("/v1/tasks", "k")

assert [run["name"] for run in double.tasks.list({"page_size": 2})] == ["c", "b", "a"]
assert len(double.tasks.list({"page_size": 2}).page().data) == 2
assert [run["name"] for run in double.tasks.list({"endpoint_id": "ep_1", "page_size": 1})] == ["c", "a"]
assert [run["name"] for run in double.tasks.list({"label": ["team:a"]})] == ["c"]
assert "payload" not in next(iter(double.tasks.list()))
assert double.tasks.get(first["id"])["attempts"] == []

assert double.tasks.cancel(first["id"])["status"] == "cancelled"
try:
    double.tasks.cancel(first["id"])
    raise AssertionError("it was cancelled twice")
except ConflictError as error:
    assert str(error) == "The task run is cancelled already."

assert double.tasks.wait(first["id"])["status"] == "cancelled"
assert double.tasks.resend(first["id"], {"payload": 2})["resent_from"] == first["id"]

endpoint = double.endpoints.create({"name": "e", "url": "https://a.example", "signing_secret": "own"})
assert (endpoint["signing_secret"], endpoint["timeout_ms"]) == ("own", 10_000)
assert "signing_secret" not in double.endpoints.get(endpoint["id"])
assert double.endpoints.update(endpoint["id"], {"status": "paused"})["status"] == "paused"
schedule = double.schedules.create({"name": "s", "cron": "0 3 * * *", "endpoint_id": endpoint["id"], "start_at": 0})
assert schedule["start_at"] == "1970-01-01T00:00:00.000Z"
made = double.schedules.run(schedule["id"])
assert [run["id"] for run in double.schedules.runs(schedule["id"])] == [made["id"]]
double.end(made["id"], "dead_letter")
(letter,) = double.dead_letters.list({"status": "open"})
assert double.dead_letters.replay(letter["id"])["status"] == "pending"
assert double.dead_letters.resolve(letter["id"], {"note": "n"})["note"] == "n"
assert double.schedules.backfill(schedule["id"], {"from": 0, "to": 60, "dry_run": True})["dry_run"] is True
double.schedules.delete(schedule["id"])
assert list(double.schedules.list()) == []
assert double.retry_policies.create({"name": "p"})["max_attempts"] == 6
assert double.events.publish({"event_name": "a.b", "payload": 1})["status"] == "completed"
put = double.endpoints.put("own", {"url": "https://a.example", "timeout_ms": 500, "status": "paused"})
assert "signing_secret" in put
again = double.endpoints.put("own", {"name": "shown", "url": "https://b.example"})
assert (again["id"], again["timeout_ms"], again["status"]) == (put["id"], 10_000, "paused")
assert "signing_secret" not in again
assert double.endpoints.get_by_key("own")["name"] == "shown"
found = {q: [(one["kind"], one["by"]) for one in double.search(q)] for q in (put["id"], "ow", "show", "team:", "a.b", "n")}
assert found == {
    put["id"]: [("endpoint", "id")],
    "ow": [("endpoint", "key")],
    "show": [("endpoint", "name")],
    "team:": [("task", "label")],
    "a.b": [],
    "n": [],
}
double.endpoints.delete_by_key("own")
assert double.search("own") == []

bulk = PunctualDouble()
runs = [bulk.tasks.create({"endpoint_id": "ep_1", "labels": {"team": team}}) for team in ("a", "a", "b")]
assert bulk.tasks.cancel_all_dry_run({"labels": {"team": "a"}})["count"] == 2
job = bulk.tasks.cancel_all({"ids": [runs[0]["id"]]})
assert (job["action"], job["status"], job["done"]) == ("cancel", "completed", 1)
assert bulk.bulk_job(job["id"]) == job
for run in runs[1:]:
    bulk.end(run["id"], "dead_letter")
assert bulk.dead_letters.replay_all({"ids": [runs[1]["id"].replace("run_", "dl_")]})["replayed"] == 1
assert bulk.dead_letters.resolve_all({"note": "by hand"})["done"] == 1
assert [letter["note"] for letter in bulk.dead_letters.list({"status": "resolved"})] == ["by hand"]

fed = PunctualDouble()
watched = fed.tasks.create({"endpoint_id": "ep_1", "labels": {"team": "a"}})
fed.tasks.create({"endpoint_id": "ep_1", "labels": {"team": "b"}})
told = []
for change in fed.feed({"label": ["team:a"], "type": "task_run", "wait_seconds": 1}, every_seconds=0.001):
    assert change["type"] == "task_run"
    told.append((change["data"]["id"], change["data"]["status"], change["version"]))
    if len(told) == 2:
        break
    fed.end(watched["id"], "success")
assert told == [(watched["id"], "pending", 1), (watched["id"], "success", 2)]

for call in (lambda: double.tasks.get("run_2"), lambda: double.usage()):
    try:
        call()
        raise AssertionError("it is not there")
    except NotFoundError:
        pass
    except ApiError as error:
        assert error.code == "not_in_the_double"


async def asynchronous() -> None:
    async with AsyncPunctualDouble() as waited:
        run = await waited.tasks.create({"target": {"url": "https://a.example"}})
        assert run["target"] == {"url": "https://a.example", "method": "POST", "headers": {}, "timeout_ms": 10_000}
        assert [each["id"] async for each in waited.tasks.list()] == [run["id"]]


asyncio.run(asynchronous())
