"""What holds for every request and every answer, whatever is asked: read only, for this host alone, nothing kept."""

import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = "Content-Security-Policy"
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of an answer that is no page."""
_METHODS = ("GET", "HEAD")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?", re.IGNORECASE)


class Guard:
    """An application behind the guard.

    A page of another site whose name leads to this machine (DNS rebinding) still says its own name as `Host`.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        bound = f"[{host}]" if ":" in host else host
        self._app, self._hosts = app, {*_LOOPBACK, bound.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nothing; the request is answered."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message))
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        host = _HOST.fullmatch(_only(value for name, value in scope["headers"] if name == b"host"))
        if host is None or host["name"].lower() not in self._hosts:
            return _refuse(400, f"Host: expected one of {', '.join(sorted(self._hosts))}, found another")
        if scope["method"] not in _METHODS:
            return _refuse(405, f"expected one of {', '.join(_METHODS)}, found another method", Allow="GET, HEAD")
        return None


def add_headers(headers: MutableHeaders) -> None:
    """Nothing; the headers have those of every answer, and a policy where there is none."""
    headers.update(HEADERS)
    headers.setdefault(POLICY, NOTHING)


def _only(values: Iterable[bytes]) -> str:
    """The one value; nothing where there are none or several."""
    found = [value.decode("latin-1") for value in values]
    return found[0] if len(found) == 1 else ""


def _refuse(status: int, said: str, **headers: str) -> JSONResponse:
    return JSONResponse({"error": said}, status, headers)
