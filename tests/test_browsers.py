"""The watch on pages: each fault that it looks for is found on a page that has it, and none on a page that has none."""

from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.browsers import DESKTOP, PHONE, choose_chromium, fail_for_troubles, new_page

pytest_plugins = ("tests.browsers",)
pytestmark = pytest.mark.slow

QUIET = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kettles</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root { color-scheme: light dark } .chart { margin: 0 }</style></head>
<body><main><h1>Kettles</h1><div id="here">%s</div></main></body></html>"""
CHART = """<figure class="chart"><svg role="img" aria-label="Kettles a month" width="300" height="100">
<path d="M0,0h300v100h-300Z" fill="none"></path><path d="%s"></path>
<text x="10" y="20" font-size="12" fill="%s">May</text></svg></figure>"""
FAULTS = (
    "overflow", "smallText", "smallTargets", "repeatedIds", "charts", "dimChartText", "unlabelledRegions",
    "foreignMarkup", "notApart", "towers", "cutOff", "turnedRound",
)  # fmt: skip
BAR = "M0,50h10v10h-10Z"

LOUD = """<script>console.error("burnt"); console.warn("hot"); alert("boils"); open("about:blank")</script>
<script>new WebSocket("ws://127.0.0.1:9/")</script><a download="x" href="data:text/plain,x"></a>
<script>document.querySelector("a").click()</script><script>throw new Error("dry")</script>
<img src="http://127.0.0.1:9/x" alt=""><img src="other.png" alt="">"""
N_LOUD = 12
"""Nine, and what the console says of the three that cannot be had."""


@pytest.fixture(scope="module")
def phone(browser):
    """One page for all that is only looked at."""
    watched = new_page(browser, PHONE)
    yield watched
    watched.page.context.close()


@pytest.fixture
def show(watch, tmp_path):
    """A function that opens a page whose body says so."""

    def show(body, size=DESKTOP, page=QUIET, **how):
        file = tmp_path / "page #1.html"
        file.write_text(page.replace("%s", body), encoding="utf-8")
        watched = watch(size, **how)
        watched.open(file)
        return watched

    return show


def test_a_quiet_page_has_no_troubles_barriers_and_faults(show):
    watched = show(f"<p>They boil.</p>{CHART % (BAR, '#333')}", PHONE)
    assert watched.find_troubles() == watched.find_barriers() == []
    for name in FAULTS:
        assert watched.find_faults(name) == []


@pytest.fixture(scope="module")
def loud_troubles(browser, tmp_path_factory):
    """What is told of a page that does all that it should not, once a busy machine has done it."""
    file = tmp_path_factory.mktemp("loud") / "page.html"
    file.write_text(QUIET.replace("%s", LOUD))
    watched = new_page(browser)
    watched.open(file)
    troubles = wait_for_troubles(watched, N_LOUD)
    watched.page.context.close()
    return troubles


def wait_for_troubles(watched, n):
    for _ in range(50):
        if len(watched.find_troubles()) >= n:
            break
    return watched.troubles


@pytest.mark.parametrize(
    "trouble",
    [
        "console error: burnt",
        "console warning: hot",
        "page error: dry",
        "dialog: boils",
        "request: GET http://127.0.0.1:9/x",
        "request: GET file:///",
        "window: about:blank",
        "websocket: ws://127.0.0.1:9/",
        "download: data:text/plain,x",
    ],
)
def test_whatever_a_page_that_is_not_quiet_does_is_told(loud_troubles, trouble):
    assert any(found.startswith(trouble) for found in loud_troubles), loud_troubles


def test_a_page_that_goes_elsewhere_is_told(show):
    watched = show("<script>setTimeout(() => { location = 'http://kettles.invalid/' })</script>")
    assert wait_for_troubles(watched, 1)[0] == "request: GET http://kettles.invalid/"


def test_a_page_may_ask_its_own_server_alone(watch, tmp_path):
    ask = "<script>for (const url of ['page.html?x=1', 'http://127.0.0.1:9/y']) fetch(url).catch(() => 1)</script>"
    (tmp_path / "page.html").write_text(QUIET.replace("%s", ask))
    with serve(tmp_path) as address:
        watched = watch()
        watched.open(f"{address}/page.html")
        requests = [trouble for trouble in wait_for_troubles(watched, 2) if trouble.startswith("request: ")]
    assert requests == ["request: GET http://127.0.0.1:9/y"]


@contextmanager
def serve(folder):
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_broken_rules_of_the_content_security_policy_are_told(show):
    policy = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
    troubles = wait_for_troubles(show("<script>window.ran = 1</script>", page=policy + QUIET), 2)
    assert any("securitypolicyviolation: script-src-elem" in trouble for trouble in troubles)


def test_looking_breaks_no_rule_of_a_strict_policy(show):
    policy = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
    watched = show("<p>They boil.</p>", page=policy + QUIET)
    watched.find_barriers(), watched.find_faults("overflow"), watched.find_faults("dimChartText")
    assert watched.find_troubles() == []


def test_a_page_without_scripts_is_looked_at_too(show):
    watched = show("<script>document.title = 'Ran'</script><p>They boil.</p>", scripts=False)
    assert watched.page.title() == "Kettles"
    assert watched.find_faults("charts") == ["expected charts, found none"]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<p style='color: #bbb; background: #fff'>They boil.</p>", "color-contrast"),
        ("<input>", "label"),
        ("<button>a</button><button style='width: 9px; height: 9px; padding: 0'>b</button>", "target-size"),
    ],
)
def test_barriers_are_told(phone, body, rule):
    phone.open("about:blank")
    phone.page.set_content(QUIET.replace("%s", body))
    assert any(f" {rule}: " in barrier for barrier in phone.find_barriers())


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("overflow", "<p>" + "k" * 400),
        ("overflow", "<p style='width: 361px'>Wide"),
        ("smallText", "<p style='font-size: 11px'>Small"),
        ("smallTargets", "<button style='height: 20px; padding: 0'>Sort"),
        ("repeatedIds", "<p id=a>One<p id=a>Two"),
        ("charts", "<p>None"),
        ("charts", CHART % ("", "#000")),
        ("charts", (CHART % (BAR, "#000")).replace('role="img"', "")),
        ("charts", (CHART % (BAR, "#000")).replace("Kettles a month", "")),
        ("charts", "<style>.chart { width: 200px; margin: 0 }</style>" + CHART % (BAR, "#000")),
        ("charts", (CHART % (BAR, "#000")).replace('x="10"', 'x="290"')),
        ("charts", "<style>svg { overflow: visible }</style>" + (CHART % (BAR, "#000")).replace('x="10"', 'x="-30"')),
        ("dimChartText", CHART % (BAR, "#aaa")),
        ("bright", "<p>White"),
        ("unlabelledRegions", "<div style='overflow-x: auto' tabindex=0><p style='width: 999px'>Wide"),
        ("foreignMarkup", "<img alt=''>"),
        ("foreignMarkup", "<p onclick='1'>"),
        ("foreignMarkup", "<a href='JavaScript:1'>Click"),
        ("foreignMarkup", "<a href='other.html' rel=noopener>Click"),
        ("foreignMarkup", "<a href='https://kettles.invalid/'>Click"),
        ("foreignMarkup", "<script>window.__pwned = 1</script>"),
        ("foreignMarkup", "<form action='https://kettles.invalid/'>"),
        ("notApart", "<p>By <b>אן</b> on Monday"),
        ("notApart", "<p>By <b>\u202eAnn</b> on Monday"),
        ("towers", "<p><b>o" + "\u0323" * 9),
        ("cutOff", "<p style='height: 9px; overflow: hidden'>High"),
        ("cutOff", "<div style='width: 9px; overflow: auto'><p style='width: 99px'>Wide</div>"),
        ("turnedRound", "<p>By \u202eAnn <b>on Monday</b>"),
        ("turnedRound", "<p>By <b>\u202eAnn</b> <b>on Monday</b> at home"),
    ],
)
def test_faults_are_told(phone, name, body):
    phone.open("about:blank")
    phone.page.set_content(QUIET.replace("%s", body))
    assert phone.find_faults(name) != []


def test_what_stands_apart_turns_nothing_round(show):
    watched = show("<p>By <bdi>\u202eAnn</bdi> <b>on Monday</b>, <bdi>שקילת 12</bdi> (34) <bdi>\u2067x</bdi> at home")
    assert watched.find_faults("turnedRound") == watched.find_faults("notApart") == []


def test_dark_text_of_charts_is_told_in_the_dark_only(show):
    body = CHART % (BAR, "#222")
    assert show(body).find_faults("dimChartText") == []
    assert show(body, dark=True).find_faults("dimChartText") != []
    assert show(body, dark=True).find_faults("bright") == []


def test_a_test_fails_for_the_troubles_of_a_page_that_should_be_quiet(show):
    watched = show("<script>console.error('burnt')</script>")
    wait_for_troubles(watched, 1)
    with pytest.raises(pytest.fail.Exception, match="console error: burnt"):
        fail_for_troubles(watched)


def test_a_picture_is_kept(show, shoot):
    picture = shoot(show("<p>They boil."), "kettles")
    assert picture.read_bytes().startswith(b"\x89PNG")
    picture.unlink()


def test_without_a_browser_tests_are_skipped_but_where_it_is_required_they_fail(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PAPERLAKE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="expected one of chromium"):
        choose_chromium()
    monkeypatch.setenv("PAPERLAKE_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="expected one of chromium"):
        choose_chromium()
