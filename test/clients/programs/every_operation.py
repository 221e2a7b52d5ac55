"""Calls every operation of the API once, through the client that openapi-python-client made of its document."""

import datetime
import json
import os
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from punctual_client import AuthenticatedClient, Client
from punctual_client import models
from punctual_client.api.about import get_agent_guide, get_documentation_page, get_health, get_open_api_document
from punctual_client.api.audit import list_audit_entries
from punctual_client.api.cron_service_dialect import (
    create_cron_job,
    delete_cron_job,
    get_cron_job,
    list_cron_executions,
    list_cron_jobs,
    run_cron_job,
    update_cron_job,
)
from punctual_client.api.bulk_jobs import get_bulk_job
from punctual_client.api.alarms import list_alarms
from punctual_client.api.dead_letters import (
    get_bulk_replay,
    get_dead_letter,
    list_dead_letters,
    replay_dead_letter,
    replay_dead_letters,
    replay_dead_letters_of_all_projects,
    resolve_dead_letter,
    resolve_dead_letters,
)
from punctual_client.api.deliveries import get_delivery, list_deliveries
from punctual_client.api.dispatch_dialect import (
    cancel_dispatch_job,
    create_dispatch_job,
    get_dispatch_job,
    list_dispatch_jobs,
)
from punctual_client.api.endpoints import (
    create_endpoint,
    delete_endpoint,
    delete_endpoint_by_name,
    get_endpoint,
    get_endpoint_by_name,
    list_endpoints,
    put_endpoint,
    recover_endpoint,
    rotate_endpoint_secret,
    test_endpoint,
    update_endpoint,
)
from punctual_client.api.events import get_event, list_events, publish_event, publish_event_batch
from punctual_client.api.feed import get_feed
from punctual_client.api.listeners import (
    answer_listener_request,
    create_listener,
    delete_listener,
    get_listener,
    list_listeners,
    take_listener_requests,
)
from punctual_client.api.projects import (
    create_api_key,
    create_portal_link,
    create_project,
    delete_project,
    get_project,
    get_project_export,
    list_api_keys,
    list_projects,
    revoke_api_key,
    rotate_project_secret,
    update_project,
)
from punctual_client.api.retry_jobs import get_retry_job, give_up_retry_job, list_retry_jobs, run_retry_job
from punctual_client.api.retry_policies import (
    create_retry_policy,
    delete_retry_policy,
    delete_retry_policy_by_name,
    get_retry_policy,
    get_retry_policy_by_name,
    list_retry_policies,
    put_retry_policy,
    update_retry_policy,
)
from punctual_client.api.schedules import (
    backfill_schedule,
    create_schedule,
    delete_schedule,
    delete_schedule_by_name,
    get_schedule,
    get_schedule_by_name,
    list_schedule_runs,
    list_schedules,
    preview_schedule,
    put_schedule,
    run_schedule,
    update_schedule,
)
from punctual_client.api.search import search_objects
from punctual_client.api.sessions import create_console_link, get_session, list_sessions, revoke_session, revoke_sessions, sign_in
from punctual_client.api.sign_in import get_ways_to_sign_in
from punctual_client.api.stats import get_stats
from punctual_client.api.tasks import (
    await_task,
    cancel_task,
    cancel_tasks,
    create_task,
    create_task_batch,
    get_task,
    list_tasks,
    redact_task,
    resend_task,
)
from punctual_client.api.usage import get_usage
from punctual_client.types import Response

PATIENCE_SECONDS = 20
Wanted = TypeVar("Wanted")


def done(kind: type[Wanted], response: Response[Any]) -> Wanted:
    """The answer, which is of this kind."""
    assert 200 <= response.status_code < 300, f"answered {response.status_code}: {response.content!r}"
    assert isinstance(response.parsed, kind), f"answered {type(response.parsed)}"
    return response.parsed


def gone(response: Response[Any]) -> None:
    assert 200 <= response.status_code < 300, f"answered {response.status_code}: {response.content!r}"


def eventually(what: str, look: Callable[[], list[Wanted] | None]) -> list[Wanted]:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come")


def main() -> None:
    api, receiver = os.environ["API"], os.environ["RECEIVER"]

    anyone = Client(base_url=api)
    done(models.Health, get_health.sync_detailed(client=anyone))
    done(str, get_agent_guide.sync_detailed(client=anyone))
    assert get_open_api_document.sync_detailed(client=anyone).status_code == HTTPStatus.OK
    done(str, get_documentation_page.sync_detailed(client=anyone))
    credentials = models.Credentials(operator_key=os.environ["OPERATOR_KEY"])
    session = done(models.StartedSession, sign_in.sync_detailed(client=anyone, body=credentials))
    done(models.WaysToSignIn, get_ways_to_sign_in.sync_detailed(client=anyone))

    assert isinstance(session.token, str)
    operator = AuthenticatedClient(base_url=api, token=session.token)
    done(models.SessionList, list_sessions.sync_detailed(client=operator))
    done(models.Session, get_session.sync_detailed("current", client=operator))
    second = done(models.StartedSession, sign_in.sync_detailed(client=anyone, body=credentials))
    assert revoke_session.sync_detailed(second.id, client=operator).status_code == HTTPStatus.NO_CONTENT
    project = done(
        models.ProjectWithSecret, create_project.sync_detailed(client=operator, body=models.NewProject(name="python"))
    ).id
    done(models.ProjectList, list_projects.sync_detailed(client=operator))
    done(models.Project, get_project.sync_detailed(project, client=operator))
    done(models.Project, update_project.sync_detailed(project, client=operator, body=models.ProjectPatch(shards=2)))
    done(
        models.ProjectWithSecret,
        rotate_project_secret.sync_detailed(project, client=operator, body=models.Rotation()),
    )
    key = done(
        models.ApiKeyWithSecrets,
        create_api_key.sync_detailed(project, client=operator, body=models.NewApiKey(label="python")),
    )
    other = done(
        models.ApiKeyWithSecrets,
        create_api_key.sync_detailed(project, client=operator, body=models.NewApiKey(label="other")),
    )
    done(models.ApiKeyList, list_api_keys.sync_detailed(project, client=operator))
    gone(revoke_api_key.sync_detailed(project, other.id, client=operator))

    customer = models.NewPortalLink(name="a customer")
    done(models.Alarms, list_alarms.sync_detailed(client=operator))
    done(models.ConsoleLink, create_console_link.sync_detailed(client=operator))
    done(models.PortalLink, create_portal_link.sync_detailed(project, client=operator, body=customer))

    client = AuthenticatedClient(base_url=api, token=key.key, prefix="", auth_header_name="X-API-Key")
    done(models.Usage, get_usage.sync_detailed(client=client))
    once = done(
        models.RetryPolicy,
        create_retry_policy.sync_detailed(client=client, body=models.NewRetryPolicy(name="once", max_attempts=1)),
    ).id
    patient = done(
        models.RetryPolicy, create_retry_policy.sync_detailed(client=client, body=models.NewRetryPolicy(name="patient"))
    ).id
    done(models.RetryPolicyList, list_retry_policies.sync_detailed(client=client))
    done(models.RetryPolicy, get_retry_policy.sync_detailed(patient, client=client))
    changed = done(
        models.RetryPolicy,
        update_retry_policy.sync_detailed(
            patient,
            client=client,
            body=models.RetryPolicyPatch(base_delay_seconds=86399.999, strategy=models.RetryStrategy.FIXED),
        ),
    )
    assert changed.base_delay_seconds == 86399.999

    def new_endpoint(name: str, path: str, policy: str | None = None) -> str:
        body = models.NewEndpoint(name=name, url=receiver + path)
        if policy is not None:
            body.retry_policy_id = policy
        return done(models.EndpointWithSecret, create_endpoint.sync_detailed(client=client, body=body)).id

    endpoint = new_endpoint("ok", "/ok")
    failing = new_endpoint("failing", "/fail/500", once)
    waiting = new_endpoint("waiting", "/fail/503", patient)
    done(models.EndpointList, list_endpoints.sync_detailed(client=client))
    done(models.Endpoint, get_endpoint.sync_detailed(endpoint, client=client))
    patch = models.EndpointPatch(method=models.HttpMethod.PUT, retry_policy_id=None)
    done(models.Endpoint, update_endpoint.sync_detailed(endpoint, client=client, body=patch))
    done(
        models.EndpointWithSecret,
        rotate_endpoint_secret.sync_detailed(endpoint, client=client, body=models.Rotation()),
    )
    sample = done(models.DeliveryAttempt, test_endpoint.sync_detailed(endpoint, client=client))
    assert sample.status == models.AttemptStatus.SUCCESS

    heard = new_endpoint("heard", "/ok")
    listener = done(
        models.Listener, create_listener.sync_detailed(client=client, body=models.NewListener(endpoint_ids=[heard]))
    )
    done(models.ListenerList, list_listeners.sync_detailed(client=client))
    done(models.Listener, get_listener.sync_detailed(listener.id, client=client))
    task = models.NewTask(endpoint_id=heard)
    call = done(models.TaskRunWithPayload, create_task.sync_detailed(client=client, body=task))
    asked = done(models.ListenerRequestList, take_listener_requests.sync_detailed(listener.id, client=client)).data[0]
    assert asked.task_id == call.id
    answer = models.ListenerAnswer(status=200, body="ok")
    gone(answer_listener_request.sync_detailed(listener.id, asked.id, client=client, body=answer))
    gone(delete_listener.sync_detailed(listener.id, client=client))

    in_seconds = models.NewTask(endpoint_id=endpoint, run_at=1893456001)
    later = done(models.TaskRunWithPayload, create_task.sync_detailed(client=client, body=in_seconds))
    assert later.run_at == datetime.datetime(2030, 1, 1, 0, 0, 1, tzinfo=datetime.timezone.utc)
    in_words = datetime.datetime(2030, 1, 1, 0, 0, 1, 500_000, datetime.timezone(datetime.timedelta(hours=1)))
    inline = models.NewTask(target=models.NewTarget(url=receiver + "/ok"), run_at=in_words, payload="text")
    same = done(models.TaskRunWithPayload, create_task.sync_detailed(client=client, body=inline))
    assert same.run_at == in_words
    queue = models.NewTarget(type_=models.TargetType("sqs"), arn="arn:aws:sqs:us-east-1:000000000000:trial")
    to_queue = models.NewTask(target=queue, payload={"n": 2})
    sent = done(models.TaskRunWithPayload, create_task.sync_detailed(client=client, body=to_queue))
    assert isinstance(sent.target, models.Target) and sent.target.type_ == models.TargetType("sqs")
    tasks = [
        models.NewTask(endpoint_id=failing),
        models.NewTask(endpoint_id=failing),
        models.NewTask(endpoint_id=waiting),
        models.NewTask(endpoint_id=endpoint, payload={"n": 1}),
        models.NewTask(),
    ]
    batch = done(models.TaskResults, create_task_batch.sync_detailed(client=client, body=models.NewTaskBatch(tasks)))
    assert [result.status for result in batch.data] == [201, 201, 201, 201, 400]
    assert isinstance(batch.data[4].error, models.Problem)
    for since in (1577836800.5, datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)):
        listed = done(models.TaskRunList, list_tasks.sync_detailed(client=client, since=since, page_size=50))
        assert len(listed.data) == 9
    done(models.TaskRunWithAttempts, get_task.sync_detailed(later.id, client=client))
    done(models.TaskRunWithPayload, cancel_task.sync_detailed(later.id, client=client))
    done(models.TaskRunWithAttempts, redact_task.sync_detailed(later.id, client=client))
    done(models.TaskRunWithAttempts, await_task.sync_detailed(later.id, client=client))
    assert done(models.FoundList, search_objects.sync_detailed(client=client, q=later.id)).data[0].id == later.id
    fed = done(str, get_feed.sync_detailed(client=client, task_id=later.id)).splitlines()
    assert json.loads(fed[0])["data"]["status"] == "cancelled"
    changed_payload = models.Resending(payload={"n": 2})
    again = done(models.TaskRunWithPayload, resend_task.sync_detailed(later.id, client=client, body=changed_payload))
    assert again.resent_from == later.id

    event = done(
        models.EventWithPayload,
        publish_event.sync_detailed(client=client, body=models.NewEvent(event_name="invoice.paid")),
    )
    events = models.NewEventBatch([models.NewEvent(event_name="invoice.sent")])
    done(models.EventResults, publish_event_batch.sync_detailed(client=client, body=events))
    done(models.EventList, list_events.sync_detailed(client=client))
    done(models.EventWithTasks, get_event.sync_detailed(event.id, client=client))
    deliveries = done(models.DeliveryAttemptList, list_deliveries.sync_detailed(client=client))
    done(models.DeliveryAttempt, get_delivery.sync_detailed(deliveries.data[0].id, client=client))

    def retries() -> list[models.RetryJob]:
        return done(models.RetryJobList, list_retry_jobs.sync_detailed(client=client)).data

    retry = eventually("a retry job", retries)[0]
    done(models.RetryJob, get_retry_job.sync_detailed(retry.id, client=client))
    done(models.TaskRunWithPayload, run_retry_job.sync_detailed(retry.id, client=client))
    third = eventually("the retry after it", lambda: [found for found in retries() if found.attempt == 3])[0]
    gone(give_up_retry_job.sync_detailed(third.id, client=client))

    def three_letters() -> list[models.DeadLetter] | None:
        found = done(models.DeadLetterList, list_dead_letters.sync_detailed(client=client)).data
        return found if len(found) == 3 else None

    letters = eventually("three dead letters", three_letters)
    done(models.DeadLetterWithPayload, get_dead_letter.sync_detailed(letters[0].id, client=client))
    note = models.Resolution(note="by hand")
    done(models.DeadLetterWithPayload, resolve_dead_letter.sync_detailed(letters[0].id, client=client, body=note))
    done(models.TaskRunWithPayload, replay_dead_letter.sync_detailed(letters[1].id, client=client))
    bulk = done(models.BulkReplay, replay_dead_letters.sync_detailed(client=client, body=models.NewBulkReplay()))
    done(models.BulkReplay, get_bulk_replay.sync_detailed(bulk.id, client=client))
    done(models.BulkJob, get_bulk_job.sync_detailed(bulk.id, client=client))
    resolution = models.NewBulkResolution(note="by hand", ids=[letters[0].id], dry_run=True)
    assert done(models.BulkCount, resolve_dead_letters.sync_detailed(client=client, body=resolution)).count == 0
    slow = models.NewBulkCancel(endpoint_id=waiting, dry_run=True)
    done(models.BulkCount, cancel_tasks.sync_detailed(client=client, body=slow))
    exhausted = models.NewReplayOfAllProjects(reason=models.DeadReason.ATTEMPTS_EXHAUSTED)
    done(models.BulkReplayList, replay_dead_letters_of_all_projects.sync_detailed(client=operator, body=exhausted))
    recovery = models.Recovery(since=1577836800.5)
    done(models.BulkReplay, recover_endpoint.sync_detailed(failing, client=client, body=recovery))

    twice = models.PutRetryPolicy(max_attempts=2)
    done(models.RetryPolicy, put_retry_policy.sync_detailed("by hand", client=client, body=twice))
    done(models.RetryPolicy, get_retry_policy_by_name.sync_detailed("by hand", client=client))
    gone(delete_retry_policy_by_name.sync_detailed("by hand", client=client))
    by_hand = models.PutEndpoint(url=receiver + "/ok")
    done(models.EndpointWithSecret, put_endpoint.sync_detailed("by hand", client=client, body=by_hand))
    done(models.Endpoint, get_endpoint_by_name.sync_detailed("by hand", client=client))
    gone(delete_endpoint_by_name.sync_detailed("by hand", client=client))
    daily = models.PutSchedule(cron="0 4 * * *", endpoint_id=endpoint)
    done(models.ScheduleWithPayload, put_schedule.sync_detailed("by hand", client=client, body=daily))
    done(models.ScheduleWithPayload, get_schedule_by_name.sync_detailed("by hand", client=client))
    gone(delete_schedule_by_name.sync_detailed("by hand", client=client))

    preview = models.SchedulePreviewRequest(cron="0 3 * * *")
    done(models.SchedulePreview, preview_schedule.sync_detailed(client=client, body=preview))
    nightly = models.NewSchedule(name="nightly", cron="0 3 * * *", endpoint_id=endpoint)
    schedule = done(models.ScheduleWithPayload, create_schedule.sync_detailed(client=client, body=nightly)).id
    done(models.ScheduleList, list_schedules.sync_detailed(client=client))
    done(models.ScheduleWithPayload, get_schedule.sync_detailed(schedule, client=client))
    pause = models.SchedulePatch(status=models.WantedScheduleStatus.PAUSED)
    done(models.ScheduleWithPayload, update_schedule.sync_detailed(schedule, client=client, body=pause))
    done(models.TaskRunWithPayload, run_schedule.sync_detailed(schedule, client=client))
    missed = models.NewBackfill(from_=time.time() - 3600, dry_run=True)
    done(models.Backfill, backfill_schedule.sync_detailed(schedule, client=client, body=missed))
    done(models.TaskRunList, list_schedule_runs.sync_detailed(schedule, client=client))
    gone(delete_schedule.sync_detailed(schedule, client=client))

    done(models.Stats, get_stats.sync_detailed(client=client))
    lines = done(str, list_audit_entries.sync_detailed(client=client)).splitlines()
    kinds = {json.loads(line)["type"]: json.loads(line) for line in lines}
    assert models.AuditChange.from_dict(kinds["change"]).status

    refresh = models.NewCronJob(name="refresh", cron_expression="*/5 * * * *", target_url=receiver + "/ok")
    job = done(models.CronJobCreated, create_cron_job.sync_detailed(client=client, body=refresh)).data.job_id
    done(models.CronJobList, list_cron_jobs.sync_detailed(client=client))
    done(models.CronJobShown, get_cron_job.sync_detailed(job, client=client))
    done(models.CronJobShown, update_cron_job.sync_detailed(job, client=client, body=models.CronJobPatch(retries=3)))
    done(models.CronExecutionStarted, run_cron_job.sync_detailed(job, client=client))
    done(models.CronExecutionList, list_cron_executions.sync_detailed(job, client=client))
    done(models.CronJobDeleted, delete_cron_job.sync_detailed(job, client=client))

    reminder = models.NewDispatchJob(title="reminder", webhook_url=receiver + "/ok", fire_at="2030-06-13T09:30:00Z")
    made = done(models.DispatchJobCreated, create_dispatch_job.sync_detailed(client=client, body=reminder)).data
    own = str(made.project_id)
    done(models.DispatchJobList, list_dispatch_jobs.sync_detailed(client=client, project_id=own))
    done(models.DispatchJobShown, get_dispatch_job.sync_detailed(str(made.id), client=client))
    done(models.DispatchJobCancelled, cancel_dispatch_job.sync_detailed(str(made.id), client=client))

    for used in (endpoint, failing, waiting):
        gone(delete_endpoint.sync_detailed(used, client=client))
    gone(delete_retry_policy.sync_detailed(once, client=client))
    done(str, get_project_export.sync_detailed(project, client=operator))
    done(models.Project, delete_project.sync_detailed(project, client=operator, confirm=project))
    gone(revoke_sessions.sync_detailed(client=operator))


main()
