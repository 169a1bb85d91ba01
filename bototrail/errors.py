"""Every error that bototrail raises; all descend from `BototrailError`."""

from __future__ import annotations


class BototrailError(Exception):
    """Root of all errors of this package."""


class ConfigError(BototrailError):
    """A setting cannot be used; the message says what was expected, what was found and what to do.

    Args:
        expected: what the setting should have been.
        found: what it is.
        todo: what to do about it.
    """

    def __init__(self, expected: str, found: str, todo: str) -> None:
        super().__init__(f"expected {expected}; found {found}; {todo}")
        self.expected, self.found, self.todo = expected, found, todo


class UnknownNameError(BototrailError):
    """There is nothing of that name.

    Args:
        kind: what was looked for, such as `service` or `operation`.
        expected: what the name should have been.
        found: the name.
        hint: which names come near, or where they are listed.
    """

    def __init__(self, kind: str, expected: str, found: str, hint: str) -> None:
        super().__init__(f"expected {expected}; found {found!r}; {hint}")
        self.kind = kind


class SpoolError(BototrailError):
    """The spool cannot be written or read."""


class DeliveryError(BototrailError):
    """Something could not be delivered to where it goes; it will be tried again.

    Args:
        message: what went wrong.
        perhaps: whether the file may be there all the same, because no answer came.
        code: the service's error code, or the exception's class; what GetTrailStatus shows.
    """

    def __init__(self, message: str, perhaps: bool = False, code: str = "DeliveryError") -> None:
        super().__init__(message)
        self.perhaps, self.code = perhaps, code


class BucketError(BototrailError):
    """A bucket cannot be read.

    Args:
        location: the folder or URL.
        found: what went wrong.
    """

    def __init__(self, location: str, found: BaseException | str) -> None:
        what = found if isinstance(found, str) else f"{type(found).__name__}: {found}"
        super().__init__(
            f"expected a bucket that can be read at {location.partition('?')[0]}; found {what}; "
            "correct its name, its credentials or the endpoint"
        )


class MissingExtraError(BototrailError):
    """A part is used whose packages are not installed; the message names the extra that brings them."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs packages that are not installed: pip install 'bototrail[{extra}]'")
        self.extra = extra
