"""What a request is told that gets no answer: a status, and a sentence without paths of this machine."""

from http import HTTPStatus

from paperlake.errors import PaperlakeError


class RefusedError(PaperlakeError):
    """A request without an answer; `leads_to` is the paper to ask for instead, where one is known."""

    def __init__(self, status: HTTPStatus, said: str, leads_to: str | None = None) -> None:
        self.status, self.said, self.leads_to = status, said, leads_to
        super().__init__(said)


def misspelt(name: str, expected: str, found: str) -> RefusedError:
    """Of a parameter that cannot be used."""
    return RefusedError(HTTPStatus.BAD_REQUEST, f"{name}: expected {expected}, found {found}")


def missing(said: str, leads_to: str | None = None) -> RefusedError:
    """Of something that is not there."""
    return RefusedError(HTTPStatus.NOT_FOUND, said, leads_to)


def unreadable(said: str) -> RefusedError:
    """Of something that is there and cannot be read."""
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, said)
