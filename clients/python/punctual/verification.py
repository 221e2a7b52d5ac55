"""The check of a call's signature, by Standard Webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal, Protocol
from urllib.parse import unquote

SignatureFault = Literal["missing_header", "too_old", "too_new", "no_match"]

_PREFIX = "whsec_"


class Headers(Protocol):
    """A dict, or the headers of FastAPI, Flask, Django, aiohttp: names of any case."""

    def items(self) -> Iterable[tuple[str, str]]: ...


class SignatureError(Exception):
    """The request is not what Punctual signed with one of the secrets: answer 401, and do nothing."""

    def __init__(self, reason: SignatureFault, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class VerifiedCall:
    """A call of Punctual whose signature is good."""

    #: ``webhook-id``, the same for all attempts and replays of a task run: do nothing if you have done its work already.
    id: str
    #: When the call was signed.
    signed_at: datetime
    #: 1 for the first attempt; None if something before this receiver took the header away, as for the fields below.
    attempt: int | None
    #: The moment at which the call was due.
    scheduled_for: datetime | None
    #: Of a schedule's run, ``sch_…``.
    schedule_id: str | None
    #: Of an event.
    event_name: str | None
    event_key: str | None
    body: bytes

    def json(self) -> Any:
        """The payload, parsed from the body.

        :raises ValueError: if the body is no JSON
        """
        return json.loads(self.body)


def verify(
    headers: Headers,
    body: bytes | str,
    secrets: str | Sequence[str],
    *,
    tolerance_seconds: float = 300,
    now: datetime | None = None,
) -> VerifiedCall:
    """Checks the signature of a call.

    :param body: the raw body as it came; a parsed body that is printed again has other bytes
    :param secrets: the endpoint's ``signing_secret``; several of them while a secret is replaced
    :param tolerance_seconds: how far ``webhook-timestamp`` may be from now
    :param now: the moment that counts as now
    :raises SignatureError: if the signature is not good
    """
    if not isinstance(body, (bytes, bytearray, str)):
        raise TypeError("The body is parsed already: take the raw one, bytes or str. Parsed and printed again it has other bytes.")
    raw = body.encode() if isinstance(body, str) else bytes(body)
    given = {name.lower(): value for name, value in headers.items()}
    id, timestamp = _required("webhook-id", given), _required("webhook-timestamp", given)
    signatures = _required("webhook-signature", given).split(" ")
    signed = f"{id}.{timestamp}.".encode() + raw
    tried = [_is_signed_by(secret, signatures, signed) for secret in ([secrets] if isinstance(secrets, str) else secrets)]
    if not any(tried):
        raise SignatureError("no_match", "The signature is of another secret, or of another body, id or timestamp.")
    _assert_recent(int(timestamp), now.timestamp() if now else time.time(), tolerance_seconds)
    attempt, scheduled_for = given.get("punctual-attempt"), given.get("punctual-scheduled-for")
    event_key = given.get("punctual-event-key")
    return VerifiedCall(
        id=id,
        signed_at=datetime.fromtimestamp(int(timestamp), timezone.utc),
        attempt=None if attempt is None else int(attempt),
        scheduled_for=None if scheduled_for is None else datetime.fromisoformat(scheduled_for.replace("Z", "+00:00")),
        schedule_id=given.get("punctual-schedule-id"),
        event_name=given.get("punctual-event-name"),
        event_key=None if event_key is None else unquote(event_key),
        body=raw,
    )


def sign(secret: str, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(_key_of(secret), signed, hashlib.sha256).digest()).decode()


def _required(name: str, headers: dict[str, str]) -> str:
    value = headers.get(name)
    if value is None:
        raise SignatureError("missing_header", f"The request has no header {name}.")
    return value


def _is_signed_by(secret: str, signatures: Iterable[str], signed: bytes) -> bool:
    """Any of several signatures, which a call has while its secret is replaced; compared in constant time."""
    expected = sign(secret, signed).encode()
    return any([hmac.compare_digest(expected, signature.encode()) for signature in signatures])


def _assert_recent(timestamp: int, now: float, tolerance: float) -> None:
    age = round(now - timestamp)
    if age > tolerance:
        raise SignatureError("too_old", f"The signature is good, but {age} seconds old.")
    if age < -tolerance:
        raise SignatureError("too_new", f"The signature is good, but {-age} seconds ahead of now.")


def _key_of(secret: str) -> bytes:
    """The base64 bytes of a secret of Standard Webhooks; the text's own bytes of any other secret."""
    if not secret:
        raise TypeError("A signing secret is missing: is its environment variable set?")
    encoded = secret[len(_PREFIX) :] if secret.startswith(_PREFIX) else ""
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError:
        decoded = b""
    return decoded if decoded and base64.b64encode(decoded).decode() == encoded else secret.encode()
