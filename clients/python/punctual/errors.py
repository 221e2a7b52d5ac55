"""The errors of a call."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import cast

import httpx

from .types import Fault, Problem


class PunctualError(Exception):
    """Every error that a call of the API ends with."""


class UnreachableError(PunctualError):
    """No answer came: the address is wrong, the network is down, or the time was up. ``__cause__`` says which."""


class ApiError(PunctualError):
    """The API refused the request."""

    def __init__(self, problem: Problem, retry_after_seconds: float | None = None) -> None:
        faults = problem.get("errors", [])
        lines = [problem["detail"], *(f"{fault['pointer']}: {fault['message']}" for fault in faults)]
        super().__init__("\n".join(lines))
        self.problem = problem
        #: Seconds of the answer's Retry-After.
        self.retry_after_seconds = retry_after_seconds

    @property
    def status(self) -> int:
        return self.problem["status"]

    @property
    def code(self) -> str:
        """A word for programs: ``not_found``, ``quota_exceeded``, …"""
        return self.problem["code"]

    @property
    def faults(self) -> Sequence[Fault]:
        """All faults of the request at once; empty when the error is not about a field."""
        return self.problem.get("errors", [])

    @property
    def request_id(self) -> str:
        """Finds the request in the logs of the stage."""
        return self.problem["request_id"]


class InvalidRequestError(ApiError):
    """400, 413, 415, 422: the request is wrong, and would be wrong again."""


class UnauthenticatedError(ApiError):
    """401: no key, or a key that is not (or no longer) good."""


class ForbiddenError(ApiError):
    """403: the key is good, but not for this operation."""


class NotFoundError(ApiError):
    """404: deleted, older than the retention, of another project, or never there."""


class ConflictError(ApiError):
    """409: the object's state does not allow it, or a quota of objects is used up."""


class TooManyRequestsError(ApiError):
    """429: a quota of requests or of runs is used up until ``retry_after_seconds``."""


_CLASSES: dict[int, type[ApiError]] = {
    400: InvalidRequestError,
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    413: InvalidRequestError,
    415: InvalidRequestError,
    422: InvalidRequestError,
    429: TooManyRequestsError,
}


def api_error(response: httpx.Response) -> ApiError:
    """The error of an answer that is no success. What stands before the API answers in words of its own."""
    status, title = response.status_code, response.reason_phrase
    problem = _problem_in(response.text) or Problem(
        type="about:blank",
        status=status,
        title=title,
        code="no_problem_document",
        detail=f"The server answered {status} {title}, and not in the way of Punctual's API: {response.text[:200]}",
        request_id=response.headers.get("x-request-id", ""),
    )
    return _CLASSES.get(status, ApiError)(problem, _seconds(response.headers.get("retry-after")))


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None


def _problem_in(text: str) -> Problem | None:
    try:
        read = json.loads(text)
    except ValueError:
        return None
    is_problem = isinstance(read, dict) and isinstance(read.get("detail"), str) and isinstance(read.get("code"), str)
    return cast(Problem, read) if is_problem else None
