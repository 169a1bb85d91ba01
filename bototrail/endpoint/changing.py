"""What all operations have in common that change the trails file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bototrail.endpoint.context import Context
from bototrail.endpoint.library import NO_ACCOUNT, is_arn_of
from bototrail.endpoint.requests import errors_of, members_of
from bototrail.endpoint.trails import check_name, unknown
from bototrail.errors import BototrailError, ServiceError, TrailsFileError
from bototrail.trails.editing import Editing, Told
from bototrail.trails.file import TrailsFile

# For a fault that the service has no name for, or none of this operation: the first of these that the model lists.
_OTHERWISE: Final = ("InvalidParameterException", "InvalidEventSelectorsException", "InvalidTagParameterException")


def change(operation: str, context: Context, edit: Callable[[Editing], object]) -> TrailsFile:
    """Change the trails file.

    Args:
        operation: whose exceptions are raised.
        context: says which file.
        edit: makes the change.

    Returns:
        What the file says then.

    Raises:
        ServiceError: it is refused.
    """
    library = context.library
    if library.read_only:  # all that write list this one, and none that only read are ever refused
        raise ServiceError("OperationNotPermittedException", f"{operation}: this endpoint is read only (--read-only).")
    if library.book is None:
        message = f"{operation}: there is no trails file to change; name one with bototrail serve --trails FILE."
        raise ServiceError("UnsupportedOperationException", message)
    try:
        return library.book.change(edit)
    except ServiceError:
        raise
    except TrailsFileError as error:
        raise _refusal(operation, error) from None
    except BototrailError as error:
        raise ServiceError("UnsupportedOperationException", str(error)) from None


def no_file(operation: str) -> ServiceError:
    """There is no trails file to answer from."""
    message = f"{operation}: the bucket alone does not tell; name the trails file with bototrail serve --trails FILE."
    return ServiceError("UnsupportedOperationException", message)


def _refusal(operation: str, error: TrailsFileError) -> ServiceError:
    """The first fault that the service has a name for in this operation."""
    listed = errors_of(operation)
    fault = next((each for each in error.errors if each.code in listed), error.errors[0])
    otherwise = next((code for code in _OTHERWISE if code in listed), "ValidationException")
    said = fault.message or f"expected {fault.expected}; found {fault.found}; {fault.todo}"
    return ServiceError(fault.code if fault.code in listed else otherwise, said)


def find(editing: Editing, name: str, context: Context, *, at_home: bool = True) -> Told:
    """A trail of the file, by its name or ARN.

    Args:
        editing: the file.
        name: the name or ARN.
        context: where the client is.
        at_home: whether only clients in its home region may ask.
    """
    check_name(name)
    told = next((each for each in editing.told if name == each.trail.Name or is_arn_of(each.trail, name)), None)
    if told is None:
        accounts = [each.trail.account for each in editing.told if each.trail.account]
        raise unknown(name, accounts[0] if accounts else NO_ACCOUNT)
    home = told.trail.HomeRegion
    if at_home and context.region not in ("", home):
        message = f"Trail {told.trail.Name} has its home in {home}, and can be changed there only."
        raise ServiceError("InvalidHomeRegionException", message)
    return told


def answer(operation: str, loaded: TrailsFile, name: str, context: Context) -> dict[str, Any]:
    """What an operation says of a trail that it has changed.

    Args:
        operation: the operation, whose answer's members are given.
        loaded: what the file says now.
        name: the trail's name.
        context: where it is.
    """
    fields = fields_of(loaded, name, context)
    return {member: fields[member] for member in members_of(operation) if member in fields}


def fields_of(loaded: TrailsFile, name: str, context: Context) -> Mapping[str, Any]:
    """What DescribeTrails says of a trail."""
    trail = next(each for each in loaded.trails if each.Name == name)
    return context.library.described(trail).fields
