"""The words of the listing page itself: banner, tabs, dates. Furniture wherever they stand alone on a line."""

import re

from paperlake.layouts.values import DAY

_PAGE_DATE = re.compile(DAY)

BANNER = "Get trending papers in your email inbox"
SUBSCRIBE = "Subscribe"
SUBMITTED_BY = "Submitted by"

LONGEST_FURNITURE = 60
"""Characters."""

_FURNITURE = {
    "new": "banner",
    f"{BANNER}!": "banner",
    f"{BANNER} once a day!": "banner",
    SUBSCRIBE: "banner",
    "Daily Papers": "heading",
    "Trending Papers": "heading",
    "by": "byline",
    "AK": "byline",
    "and the research community": "byline",
    "byAK and the research community": "byline",
    "by AK and the research community": "byline",
    "Abstract": "heading",
    "AI Generated Summary": "heading",
    "Daily": "tab",
    "Weekly": "tab",
    "Monthly": "tab",
    "Previous": "pager",
    "Next": "pager",
    "Trending Papers ranked by GitHub stars activity": "tooltip",
    **dict.fromkeys(("System theme", "Company", "TOS", "Privacy", "About", "Careers", "Website"), "footer"),
    **dict.fromkeys(("Models", "Datasets", "Spaces", "Pricing", "Docs", "Enterprise", "Log In", "Sign Up"), "menu"),
}


def furniture_name(line: str) -> str | None:
    """Which piece of page furniture a line is; None for text that may be a record.

    >>> furniture_name("byAK and the research community"), furniture_name("Mar 14")
    ('byline', 'page_date')
    >>> furniture_name("Pairing Socks with Fifty Labels")
    """
    name = _FURNITURE.get(line)
    if name is None and len(line) <= 20 and _PAGE_DATE.fullmatch(line):
        return "page_date"
    return name


def without_button(line: str) -> str:
    """The line after the banner, without the `Subscribe` button that captures glue to it.

    >>> without_button("SubscribePairing Socks")
    'Pairing Socks'
    """
    if line.startswith(SUBSCRIBE) and len(line) > len(SUBSCRIBE):
        return line.removeprefix(SUBSCRIBE).lstrip()
    return line
