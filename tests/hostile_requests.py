"""Requests that somebody may send to an explorer: bent addresses, odd headers, lines that are no HTTP, ways out."""

import random
from urllib.parse import quote

PATHS = (
    "/", "/health", "/releases", "/releases/1/", "/releases/1/search", "/releases/1/search.csv", "/releases/2/search",
    "/releases/1/search.parquet", "/releases/1/papers/pl-000000000001", "/releases/99999999999999999999/search",
)  # fmt: skip
PIECES = (
    "..", "%2e%2e", "%2e%2e%2f", "..%2f", "..%5c", "%252e%252e", "%00", "%0d%0a", "%ff%fe", "é", "茶", "\u202e", "//",
    "/", ".", "~", "*", "[", "]", "{", "}", "|", "'", '"', "<script>", "%", "%zz", ";", "#", "@", ":80", "etc/passwd",
    "-1", "0", "1e9", "releases", "papers", "search", "a" * 300, "?q=", "&page=", "manifest.json", "\\", "$(id)",
    "${x}", "%u0041",
)  # fmt: skip
VALUES = (
    "kettles", "", "a" * 201, "%00", "%ff", "é" * 190, "' OR 1=1 --", "{{7*7}}", "(((((", "[a-", "\\",
    "../../etc/passwd", "https://github.com/", "=cmd|' /C calc'!A0", "%F0%9F%A6%94", "\ud800", "x " * 99, "NaN", "-1",
    "1" * 400, "0x10", "٣", "1.0",
)  # fmt: skip
METHODS = (*["GET"] * 40, "HEAD", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "SOCKS")
LINES = (
    b"", b"GET", b"GET /", b"GET / HTTP/9.9\r\n\r\n", b"GET  /  HTTP/1.1\r\n\r\n", b"\r\n\r\n\r\n",
    b"\x00\x01\x02\x03", b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: socks\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET / HTTP/1.1\r\n" * 50,
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"k" * 70_000, b"GET /" + b"k" * 70_000,
    b"GET / HTTP/1.1\nHost: localhost\n\n",
)  # fmt: skip
WAYS_OUT = (
    "../secret.txt", "../../secret.txt", "/../secret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt",
    "..%2fsecret.txt", "..%5csecret.txt", "%252e%252e%252fsecret.txt", "..;/secret.txt", "....//secret.txt",
    "%c0%ae%c0%ae/secret.txt", "secret.txt", "secret.txt%00", "secret.txt%00.csv", "./secret.txt", "~/secret.txt",
    "\\..\\secret.txt", "%2fetc%2fpasswd", "../../../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "file:///etc/passwd", "manifest.json", "../../latest.json", "../../_log/000001.json", "papers/part-00000.parquet",
)  # fmt: skip


def invent_target(dice: random.Random) -> str:
    """An address that somebody may try: a good one, bent or not, with any query."""
    path = dice.choice(PATHS)
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 5))):
        at = dice.randrange(len(path) + 1)
        path = path[:at] + dice.choice(PIECES) + path[at:]
    names = dice.choices(("q", "q", "page", "q[]", "%71"), k=dice.randrange(4))
    query = "&".join(
        f"{name}={dice.choice((quote_any, quote_any, quote_any, str))(dice.choice(VALUES))}" for name in names
    )
    return f"{path}?{query}" if query else path


def quote_any(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def invent_headers(dice: random.Random) -> str:
    odd = (
        "Range: bytes=0-1\r\n", "If-None-Match: *\r\n", "Accept: \r\n", "Cookie: a=b; c\r\n",
        "X-Forwarded-Host: evil.example\r\n", "X-Forwarded-Proto: gopher\r\n",
        "Upgrade: websocket\r\nConnection: upgrade\r\n", "Expect: 100-continue\r\n", "Accept-Encoding: gzip, br\r\n",
        "Origin: https://evil.example\r\n", "Authorization: Basic eDp5\r\n", "X-\u00e9: \u00e9\r\n",
        "X-HTTP-Method-Override: DELETE\r\n", "Content-Length: 5\r\n\r\nsocks", "Host: evil.example\r\n",
        " folded: yes\r\n",
    )  # fmt: skip
    return "".join(dice.sample(odd, dice.choice((0, 0, 0, 0, 1, 2))))
