"""Every error that bototrail raises; all descend from `BototrailError`."""

from __future__ import annotations

from collections.abc import Iterable


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


class TrailsError(ConfigError):
    """A fault in a trails file, or a call that CloudTrail would refuse.

    Args:
        code: the exception's name in CloudTrail, such as `InvalidTrailNameException`, else what broke.
        path: the file.
        line: the line in it, 0 when the file cannot be read at all.
        expected: what should have been there.
        found: what is there.
        todo: what to do about it.
        message: what the service itself says, where that is known.
    """

    def __init__(
        self, code: str, path: str, line: int, *, expected: str, found: str, todo: str, message: str = ""
    ) -> None:
        super().__init__(expected, found, todo)
        place = f"{path}:{line}" if line else path
        self.args = (f"{place}: {code}: {message + ' ' if message else ''}expected {expected}; found {found}; {todo}",)
        self.code, self.path, self.line, self.message = code, path, line, message


class TrailsFileError(ConfigError):
    """A trails file cannot be used.

    Args:
        errors: everything that is wrong with it.
    """

    def __init__(self, errors: Iterable[TrailsError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.line))
        first = self.errors[0]
        super().__init__(first.expected, first.found, first.todo)
        self.args = ("\n".join(str(error) for error in self.errors),)


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

    @property
    def denied(self) -> bool:
        """Whether the one who delivers has no right to it, which he may have to something else there."""
        return self.code in ("AccessDenied", "AccessDeniedException", "Forbidden", "403")


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
        self.found = what


class MissingObjectError(BototrailError):
    """There is no object of that key in a bucket.

    Args:
        key: the key.
    """

    def __init__(self, key: str) -> None:
        super().__init__(f"expected an object {key} in the bucket; found none; correct the key")


class KeyFormatError(BototrailError):
    """Something that should be a public key is none.

    Args:
        found: what it is.
        todo: what to do about it.
        expected: what it should be.
    """

    def __init__(
        self,
        found: str,
        todo: str = "export it with bototrail keys export",
        expected: str = "the DER of a PKCS#1 RSA public key, as ListPublicKeys answers it",
    ) -> None:
        super().__init__(f"expected {expected}; found {found}; {todo}")
        self.found, self.todo = found, todo


class ServiceError(BototrailError):
    """A request to the endpoint is refused, under the name that AWS has for it.

    Args:
        code: the exception's name, such as `TrailNotFoundException` or `NoSuchKey`.
        message: what is wrong.
        status: of the HTTP answer.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


class MissingExtraError(BototrailError):
    """A part is used whose packages are not installed; the message names the extra that brings them."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs packages that are not installed: pip install 'bototrail[{extra}]'")
        self.extra = extra
