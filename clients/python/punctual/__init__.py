"""Calls the API of Punctual, and verifies the calls that Punctual makes."""

from . import types
from ._async.client import AsyncPunctual
from ._async.transport import AsyncPages
from ._requests import CallOptions, Page
from ._sync.client import Punctual
from ._sync.transport import Pages
from .errors import (
    ApiError,
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    NotFoundError,
    PunctualError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnreachableError,
)
from .verification import SignatureError, SignatureFault, VerifiedCall, verify

__all__ = [
    "ApiError",
    "AsyncPages",
    "AsyncPunctual",
    "CallOptions",
    "ConflictError",
    "ForbiddenError",
    "InvalidRequestError",
    "NotFoundError",
    "Page",
    "Pages",
    "Punctual",
    "PunctualError",
    "SignatureError",
    "SignatureFault",
    "TooManyRequestsError",
    "UnauthenticatedError",
    "UnreachableError",
    "VerifiedCall",
    "types",
    "verify",
]
