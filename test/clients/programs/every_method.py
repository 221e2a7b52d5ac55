"""Calls every method of the client for Python once, against a running API."""

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from punctual import Punctual

Found = TypeVar("Found")


def eventually(find: Callable[[], Found | None]) -> Found:
    for _ in range(200):
        found = find()
        if found is not None:
            return found
        time.sleep(0.1)
    raise TimeoutError("it did not come")


with Punctual(os.environ["PUNCTUAL_URL"], os.environ["PUNCTUAL_API_KEY"]) as punctual:
    failing = f"{os.environ['RECEIVER']}/fail"
    once = punctual.retry_policies.create({"name": "once", "strategy": "fixed", "base_delay_seconds": 60, "max_attempts": 1})
    twice = punctual.retry_policies.put("twice", {"strategy": "fixed", "base_delay_seconds": 60, "max_attempts": 2})
    assert punctual.retry_policies.get(once["id"])["name"] == "once"
    assert punctual.retry_policies.get_by_key("twice")["id"] == twice["id"]
    assert punctual.retry_policies.update(once["id"], {"base_delay_seconds": 61})["base_delay_seconds"] == 61
    assert len(list(punctual.retry_policies.list({"page_size": 1}))) == 2

    ok = punctual.endpoints.create({"name": "ok", "url": f"{os.environ['RECEIVER']}/ok"})
    dead = punctual.endpoints.put("dead", {"url": failing, "retry_policy_id": once["id"]})
    slow = punctual.endpoints.create({"name": "slow", "url": failing, "retry_policy_id": twice["id"], "rate_limit_per_second": 5})
    assert punctual.endpoints.get(ok["id"])["name"] == "ok"
    assert punctual.endpoints.get_by_key("dead")["id"] == dead["id"]
    assert punctual.endpoints.update(slow["id"], {"rate_limit_per_second": None})["rate_limit_per_second"] is None
    assert len(list(punctual.endpoints.list())) == 3
    assert punctual.endpoints.rotate_secret(ok["id"])["signing_secret"] != ok["signing_secret"]
    assert punctual.endpoints.test(ok["id"])["status"] == "success"

    run = punctual.tasks.create({"endpoint_id": ok["id"], "payload": {"ü": 1}})
    assert punctual.tasks.wait(run["id"], 20)["status"] == "success"
    assert punctual.tasks.get(run["id"])["id"] == run["id"]
    again = punctual.tasks.resend(run["id"], {"payload": 2})
    assert again["resent_from"] == run["id"]
    later = punctual.tasks.create({"endpoint_id": ok["id"], "delay_seconds": 600, "labels": {"customer": "42"}})
    assert [found["id"] for found in punctual.tasks.list({"label": ["customer:42"]})] == [later["id"]]
    assert punctual.tasks.wait(later["id"], 0.5)["status"] == "pending"
    assert later["id"] in [found["id"] for found in punctual.search("customer:4")]
    assert punctual.tasks.cancel(later["id"])["status"] == "cancelled"
    assert punctual.tasks.redact(later["id"])["redacted_at"] is not None
    assert [one["status"] for one in punctual.tasks.batch([{"endpoint_id": ok["id"]}, {}])["data"]] == [201, 400]

    change = next(iter(punctual.feed({"task_id": later["id"], "type": "task_run"})))
    assert change["data"]["status"] == "cancelled"

    to_be_heard = punctual.endpoints.create({"name": "heard", "url": f"{os.environ['RECEIVER']}/ok"})
    listener = punctual.listeners.start([to_be_heard["id"]])
    assert [one["id"] for one in punctual.listeners.list()] == [listener["id"]]
    assert punctual.listeners.get(listener["id"])["endpoint_ids"] == [to_be_heard["id"]]
    heard = punctual.tasks.create({"endpoint_id": to_be_heard["id"]})
    asked = eventually(lambda: next(iter(punctual.listeners.take(listener["id"])), None))
    assert asked["task_id"] == heard["id"]
    punctual.listeners.answer(listener["id"], asked["id"], {"status": 202, "body": "heard"})
    assert punctual.tasks.wait(heard["id"], 20)["attempts"][0]["http_status"] == 202
    punctual.listeners.end(listener["id"])

    event = punctual.events.publish({"event_name": "invoice.paid", "payload": None})
    assert punctual.events.get(event["id"])["event_name"] == "invoice.paid"
    assert len(punctual.events.batch([{"event_name": "a.b", "payload": 1}])["data"]) == 1
    assert len(list(punctual.events.list())) == 2

    assert punctual.tasks.cancel_all_dry_run({"endpoint_id": ok["id"]})["dry_run"] is True
    cancelled = punctual.tasks.cancel_all({"ids": [later["id"]]})
    assert punctual.bulk_job(cancelled["id"])["action"] == cancelled["action"]

    schedule = punctual.schedules.create({"name": "nightly", "cron": "0 3 * * *", "endpoint_id": ok["id"]})
    named = punctual.schedules.put("yearly", {"cron": "@yearly", "endpoint_id": ok["id"]})
    assert punctual.schedules.get(schedule["id"])["cron"] == "0 3 * * *"
    assert punctual.schedules.get_by_key("yearly")["id"] == named["id"]
    assert punctual.schedules.update(schedule["id"], {"status": "paused"})["status"] == "paused"
    assert len(list(punctual.schedules.list())) == 2
    made = punctual.schedules.run(named["id"])
    assert eventually(lambda: next(iter(punctual.schedules.runs(named["id"])), None))["id"] == made["id"]
    past = datetime.now(timezone.utc) - timedelta(days=1)
    assert punctual.schedules.backfill(named["id"], {"from": past, "dry_run": True})["dry_run"] is True
    assert len(punctual.schedules.preview({"cron": "@daily"})["next"]) > 0
    punctual.schedules.delete(schedule["id"])
    punctual.schedules.delete_by_key("yearly")

    for _ in range(2):
        punctual.tasks.create({"endpoint_id": slow["id"]})
    job, other = eventually(lambda: jobs if len(jobs := list(punctual.retry_jobs.list())) == 2 else None)
    assert punctual.retry_jobs.get(job["id"])["endpoint_id"] == slow["id"]
    punctual.retry_jobs.run(job["id"])
    punctual.retry_jobs.give_up(other["id"])
    for _ in range(2):
        punctual.tasks.create({"endpoint_id": dead["id"]})
    letters = eventually(lambda: found if len(found := list(punctual.dead_letters.list())) == 4 else None)
    assert punctual.dead_letters.get(letters[0]["id"])["status"] == "open"
    punctual.dead_letters.replay(letters[0]["id"])
    assert punctual.dead_letters.resolve(letters[1]["id"], {"note": "by hand"})["note"] == "by hand"
    assert punctual.dead_letters.replay_all_dry_run({"endpoint_id": dead["id"]})["dry_run"] is True
    assert punctual.dead_letters.resolve_all_dry_run({"note": "n", "endpoint_id": dead["id"]})["dry_run"] is True
    assert punctual.dead_letters.resolve_all({"note": "n", "ids": [letters[1]["id"]]})["id"] != ""
    replay = punctual.dead_letters.replay_all({"endpoint_id": dead["id"]})
    assert punctual.dead_letters.replay_job(replay["id"])["id"] == replay["id"]
    assert punctual.endpoints.recover(slow["id"], {"since": 0})["id"] != ""
    attempt = next(iter(punctual.deliveries.list({"status": "success"})))
    assert punctual.deliveries.get(attempt["id"])["http_status"] == 200
    assert punctual.usage()["quotas"] is not None

    punctual.endpoints.delete(slow["id"])
    punctual.endpoints.delete_by_key("dead")
    punctual.retry_policies.delete_by_key("twice")
    punctual.retry_policies.delete(once["id"])
