"""Pages in Debian's chromium, and everything on them that a quiet page must not do: a plugin of pytest.

A module that needs it says `pytest_plugins = ("tests.browsers",)`. The browser is one a module, not one a session:
Playwright keeps an event loop running in the thread of its tests, and tests of flows need a loop of their own there.

PYTEST_DONT_REWRITE: it asserts nothing, and the collection of doctests imports it before it is a plugin.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    expect,
    sync_playwright,
)

DESKTOP, PHONE = (1280, 900), (360, 740)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`securitypolicyviolation: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`), true)"""
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # which axe leaves out by itself
    "resultTypes": ["violations"],
}
_FAULTS = (Path(__file__).parent / "page_faults.js").read_text(encoding="utf-8")
_MILLISECONDS = 20_000
"""After which waiting for what a page should show has failed; a busy machine takes three."""
_HIGHEST_PICTURE = 8_000
"""CSS pixels: a phone's page is much higher, and chromium draws for ten seconds at it."""


class Watched:
    """A page and what was seen of it.

    Attributes:
        page: Playwright's.
        console: every message, as `error: text`.
        troubles: in order, what a quiet page does not do: warnings and errors, broken rules of its content security
            policy among them, dialogs, requests (but to its own server), other windows, downloads.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.console: list[str] = []
        self.troubles: list[str] = []
        self._address = ""
        context.set_default_timeout(_MILLISECONDS)
        context.add_init_script(_TELL_VIOLATIONS)
        self.page: Page = context.new_page()
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.troubles.append(f"page error: {error.error}"))
        context.on("dialog", self._dismiss)
        context.on("request", self._note)
        context.on("page", lambda page: self.troubles.append(f"window: {page.url}"))
        self.page.on("download", lambda download: self.troubles.append(f"download: {download.url}"))
        self.page.on("websocket", lambda socket: self.troubles.append(f"websocket: {socket.url}"))
        self.page.on("crash", lambda _: self.troubles.append("crash"))

    def open(self, target: Path | str, fragment: str = "") -> Page:
        """The page of a file or an address, loaded."""
        self._address = target.resolve().as_uri() if isinstance(target, Path) else target
        self.page.goto(self._address + fragment)
        return self.page

    def find_troubles(self) -> list[str]:
        """`troubles`, once the page had time to make those that it was about to make."""
        self.page.wait_for_timeout(100)
        return self.troubles

    def find_barriers(self) -> list[str]:
        """What keeps people from the page: what axe finds, one line a rule and element."""
        found = Axe().run(self.page, options=_AXE).response["violations"]
        return [
            f"{rule['impact']} {rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    def find_faults(self, name: str, **limits: float) -> list[str]:
        """What a function of `page_faults.js` finds wrong with the page as it is now."""
        viewport = self.page.viewport_size
        return self.page.evaluate(f"(limits) => ({_FAULTS}).{name}(limits)", {"viewport": viewport["width"], **limits})

    def find_height(self) -> int:
        """CSS pixels of the whole page."""
        return self.page.evaluate("document.documentElement.scrollHeight")

    def _hear(self, message: ConsoleMessage) -> None:
        self.console.append(f"{message.type}: {message.text}")
        if message.type in ("error", "warning", "assert"):
            self.troubles.append(f"console {message.type}: {message.text}")

    def _dismiss(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if not (self._is_own(request) or request.url.startswith("data:")):
            self.troubles.append(f"request: {request.method} {request.url}")

    def _is_own(self, request: Request) -> bool:
        """Whether it is for the page itself, or goes to the server that the page came from."""
        asked, own = urlsplit(request.url), urlsplit(self._address)
        if own.scheme in ("http", "https"):
            return (asked.scheme, asked.netloc) == (own.scheme, own.netloc)
        return request.is_navigation_request() and unquote(asked.path) == unquote(own.path)


def choose_chromium() -> str:
    """The path of this machine's browser; Playwright's own is never asked for, as it would be a download.

    Without one the test is skipped, but fails where PAPERLAKE_BROWSER is `required`, as in CI.
    """
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = f"expected one of {', '.join(_NAMES)} on PATH, found none: apt-get install chromium"
        give_up = pytest.fail if os.environ.get("PAPERLAKE_BROWSER") == "required" else pytest.skip
        give_up(reason)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window; it finds no other machine."""
    path = choose_chromium()
    expect.set_options(timeout=_MILLISECONDS)
    with sync_playwright() as playwright:
        # Root, as which containers run, gets no sandbox from chromium.
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", _ONLY_THIS_MACHINE])
        yield started
        started.close()


def fail_for_troubles(watched: Watched) -> None:
    """Nothing, where the page was quiet; else the test fails."""
    if troubles := watched.find_troubles():
        pytest.fail("expected a quiet page, found\n" + "\n".join(troubles))


def new_page(browser: Browser, size: tuple[int, int] = DESKTOP, *, dark: bool = False, scripts: bool = True) -> Watched:
    """An empty page of a size, light or dark, with or without scripts, that shares nothing with others."""
    is_phone = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        has_touch=is_phone,
        is_mobile=is_phone,
        reduced_motion="reduce",
        locale="en-GB",
    )
    return Watched(context)


@pytest.fixture
def watch(browser: Browser):
    """A function that gives a page as `new_page` does; the test's end closes it."""
    opened: list[Watched] = []

    def watch(size: tuple[int, int] = DESKTOP, **how: bool) -> Watched:
        opened.append(new_page(browser, size, **how))
        return opened[-1]

    yield watch
    for watched in opened:
        watched.page.context.close()


@pytest.fixture
def quiet(watch):
    """A function that opens a file or an address, as `watch` does; the test fails for all troubles, to its very end."""
    opened: list[Watched] = []

    def quiet(target: Path | str, fragment: str = "", size: tuple[int, int] = DESKTOP, **how: bool) -> Watched:
        opened.append(watch(size, **how))
        opened[-1].open(target, fragment)
        return opened[-1]

    yield quiet
    for watched in opened:
        fail_for_troubles(watched)


@pytest.fixture
def shoot(tmp_path: Path):
    """A function that keeps a picture of a page, in the folder PAPERLAKE_SCREENSHOTS or among the test's files."""
    folder = Path(os.environ.get("PAPERLAKE_SCREENSHOTS") or tmp_path)

    def shoot(watched: Watched, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        picture = folder / f"{name}.png"
        size = {**watched.page.viewport_size, "height": min(watched.find_height(), _HIGHEST_PICTURE)}
        watched.page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, **size})
        return picture

    return shoot
