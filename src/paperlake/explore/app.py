"""The addresses of the explorer. Each but the first names its release, so that all answers to a page are of one."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import IO, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from paperlake.explore.answers import describe, find_all, search
from paperlake.explore.downloads import FORMS, write_file
from paperlake.explore.guard import POLICY, Guard
from paperlake.explore.refusals import RefusedError, missing, misspelt
from paperlake.explore.shelf import Shelf

_MOST_LETTERS, _MOST_SHOWN = 200, 40
_VERSION, _PAGE = re.compile(r"[1-9][0-9]{0,8}"), re.compile(r"[1-9][0-9]{0,5}")
_PAPER_ID = re.compile(r"pl-[0-9a-z]{12}")
_PIECE = 64 * 1024
AT_ONCE = 4
"""Questions that are answered at the same time, which bounds what they take of memory; the others wait."""
_ADDRESSES = "/, /releases, /releases/N/, its search, search.csv, search.parquet and papers/ID, or /health"
_Params = ParamSpec("_Params")
_Value = TypeVar("_Value")


class Explorer:
    """Answers about the releases of a shelf, made in threads: nobody waits for another's question but in the queue."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self._limiter = shelf, CapacityLimiter(AT_ONCE)

    async def start(self, _: Request) -> Response:
        """The way to the page of the newest release, or of the one that is pinned."""
        return RedirectResponse(f"/releases/{await to_thread.run_sync(self._shelf.first)}/")

    async def releases(self, _: Request) -> Response:
        """The last releases."""
        return JSONResponse(await to_thread.run_sync(self._shelf.list_releases))

    async def page(self, request: Request) -> Response:
        """The page of a release, with its own policy."""
        page = await self._ask(self._shelf.page, _version(request))
        return Response(page.html, headers={POLICY: page.policy}, media_type="text/html")

    async def search(self, request: Request) -> Response:
        """One page of the papers that match."""
        return JSONResponse(
            await self._ask(search, self._shelf, _version(request), _query(request), _page_number(request))
        )

    async def paper(self, request: Request) -> Response:
        """All that is known of one paper."""
        told = await self._ask(describe, self._shelf, _version(request), _paper_id(request))
        return Response(told, media_type="application/json")

    async def download(self, request: Request) -> Response:
        """All papers that match, as a file."""
        version, form = _version(request), _form(request)
        file, headers = await self._ask(self._write, version, _query(request), form)
        headers["Content-Disposition"] = f'attachment; filename="papers-release-{version}.{form}"'
        return StreamingResponse(_pieces(file), headers=headers, media_type=FORMS[form][0])

    async def health(self, _: Request) -> Response:
        """That the server is there."""
        return JSONResponse({"status": "ok"})

    def _write(self, version: int, asked: str, form: str) -> tuple[IO[bytes], dict[str, str]]:
        papers, n_found = find_all(self._shelf, version, asked)
        file, n_bytes = write_file(papers, form)
        headers = {"Content-Length": str(n_bytes)}
        if papers.height < n_found:
            headers["X-Paperlake-Rows"] = f"{papers.height} of {n_found}"
        return file, headers

    async def _ask(self, answer: Callable[_Params, _Value], *asked: _Params.args, **_: _Params.kwargs) -> _Value:
        return await to_thread.run_sync(answer, *asked, limiter=self._limiter)


def make_app(shelf: Shelf, host: str) -> ASGIApp:
    """The application, guarded; `host` is what it is bound to."""
    explorer, release = Explorer(shelf), "/releases/{version}"
    routes = [
        Route("/", explorer.start),
        Route("/health", explorer.health),
        Route("/releases", explorer.releases),
        Route(f"{release}/", explorer.page),
        Route(f"{release}/search", explorer.search),
        Route(f"{release}/search.{{form}}", explorer.download),
        Route(f"{release}/papers/{{paper_id}}", explorer.paper),
    ]
    handled = (RefusedError, HTTPException, Exception)
    app = Starlette(routes=routes, exception_handlers=dict.fromkeys(handled, _tell_error))
    app.router.redirect_slashes = False  # a redirect would name the host that the request names
    return Guard(app, host)


def _version(request: Request) -> int:
    version = request.path_params["version"]
    if not _VERSION.fullmatch(version):
        raise missing("expected the number of a release, found another address")
    return int(version)


def _paper_id(request: Request) -> str:
    paper_id: str = request.path_params["paper_id"]
    if not _PAPER_ID.fullmatch(paper_id):
        raise missing("expected 'pl-' and 12 letters or digits, found another id")
    return paper_id


def _form(request: Request) -> str:
    form: str = request.path_params["form"]
    if form not in FORMS:
        raise missing(f"expected one of {', '.join(FORMS)}, found another form")
    return form


def _query(request: Request) -> str:
    query = request.query_params.get("q", "")
    if len(query) > _MOST_LETTERS:
        raise misspelt("q", f"at most {_MOST_LETTERS} characters", f"{len(query)}")
    return query


def _page_number(request: Request) -> int:
    page = request.query_params.get("page", "1")
    if not _PAGE.fullmatch(page):
        raise misspelt("page", "a whole number from 1 to 999999", repr(page[:_MOST_SHOWN]))
    return int(page)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


async def _tell_error(_: Request, error: Exception) -> Response:
    """The error in a sentence; of a fault of ours nothing but that it is one."""
    match error:
        case RefusedError(status=status, said=said, leads_to=leads_to):
            told = {"error": said} | ({"leads_to": leads_to} if leads_to else {})
        case HTTPException(status_code=HTTPStatus.NOT_FOUND as status):
            told = {"error": f"expected one of {_ADDRESSES}; found another address"}
        case HTTPException(status_code=status, detail=detail):
            told = {"error": detail}
        case _:
            status, told = HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "a fault of paperlake; its terminal tells more"}
    return JSONResponse(told, status)
