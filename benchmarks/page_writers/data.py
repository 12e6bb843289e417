"""Layouts that are data: the JSON of the daily-papers endpoint, and the page's HTML with the same JSON inside.

Conventions: api-daily-papers.txt, raw-html.html.
"""

import datetime as dt
import html
import json
from collections.abc import Sequence
from typing import Any

from benchmarks.page_writers.cards import FIELDS, HUB, Sheet, broken_abstract, broken_title
from benchmarks.page_writers.papers import Paper

Truth = dict[str, Any]


def write_api_json(papers: Sequence[Paper], sheet: Sheet) -> tuple[list[str], list[Truth]]:
    """Lines and truth of an array, a line for every value; of an array on one line where asked."""
    records = [_record(paper, sheet.captured_on) for paper in papers]
    if sheet.one_line:
        return [json.dumps(records, ensure_ascii=False)], [_truth(record, 1, 1) for record in records]
    lines, truths = ["["], []
    for record in records:
        written = json.dumps(record, indent=1, ensure_ascii=False).split("\n")
        truths.append(_truth(record, len(lines) + 1, len(lines) + len(written)))
        lines += [f" {line}" for line in written]
        lines[-1] += "," if record is not records[-1] else ""
    return [*lines, "]"], truths


def write_html_page(papers: Sequence[Paper], sheet: Sheet) -> tuple[list[str], list[Truth]]:
    """Lines and truth of a page: all papers on its third line, as entities in an attribute, and titles below."""
    records = [_record(paper, sheet.captured_on) for paper in papers]
    props = {"dateString": str(sheet.captured_on), "dailyPapers": records, "periodType": "day"}
    data = html.escape(json.dumps(props, ensure_ascii=False))
    start = '<body><main class="flex flex-1 flex-col"><div class="SVELTE_HYDRATER contents" data-target="DailyPapers"'
    articles = [
        f'<article><h3><a href="/papers/{paper.arxiv_id}">{html.escape(paper.title)}</a></h3></article>'
        for paper in papers
    ]
    lines = [
        "<!doctype html>",
        '<html class=""><head><title>Daily Papers - Hugging Face</title></head>',
        f'{start} data-props="{data}"><section><h1>Daily Papers</h1>',
        *articles,
        "</section></div></main></body></html>",
    ]
    return lines, [_truth(record, 3, 3) for record in records]


def _record(paper: Paper, captured_on: dt.date) -> dict[str, Any]:
    title, summary = "\n  ".join(broken_title(paper, captured_on)), "\n".join(broken_abstract(paper, captured_on))
    inner: dict[str, Any] = {
        "id": paper.arxiv_id,
        "authors": [{"name": name, "hidden": False} for name in paper.authors],
        "publishedAt": f"{paper.published}T00:00:00.000Z",
        "submittedOnDailyAt": f"{captured_on}T00:00:00.000Z",
        "title": title,
        **_submitter(paper),
        "summary": summary,
        "upvotes": paper.upvotes,
        **_repository(paper),
        **_summary_by_machine(paper),
        **_organisation(paper),
    }
    return {
        "paper": inner,
        "publishedAt": f"{captured_on}T02:00:00.000Z",
        "title": title,
        "summary": summary,
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{paper.arxiv_id}.png",
        "numComments": paper.comments or 0,
    }


def _submitter(paper: Paper) -> dict[str, Any]:
    name = paper.submitted_by
    return {"submittedOnDailyBy": {"user": name, "fullname": name.title(), "type": "user"}} if name else {}


def _repository(paper: Paper) -> dict[str, Any]:
    if paper.github is None:
        return {}
    return {"githubRepo": f"https://github.com/{paper.github}", "githubStars": paper.github_stars}


def _summary_by_machine(paper: Paper) -> dict[str, Any]:
    return {"ai_summary": "A lid study finds that lids matter to kettles."} if paper.number % 3 == 0 else {}


def _organisation(paper: Paper) -> dict[str, Any]:
    if paper.organisation is None:
        return {}
    slug = paper.organisation_slug
    return {"organization": {"name": slug, "fullname": paper.organisation, "avatar": f"{HUB}/avatars/{slug}.png"}}


def _truth(record: dict[str, Any], line_start: int, line_end: int) -> Truth:
    """Read back from the record: data shows its values as they are, but for the indent that arXiv left in titles."""
    inner = record["paper"]
    shown = {
        "title_raw": inner["title"].replace("\n  ", "\n"),
        "abstract_raw": inner["summary"],
        "arxiv_id": inner["id"],
        "paper_url": f"{HUB}/papers/{inner['id']}",
        "upvotes": inner["upvotes"],
        "comments": record["numComments"],
        "github_url": inner.get("githubRepo"),
        "github_stars": inner.get("githubStars"),
        "n_authors": len(inner["authors"]),
        "organisation": inner.get("organization", {}).get("fullname"),
        "submitted_by": inner.get("submittedOnDailyBy", {}).get("user"),
        "published_raw": inner["publishedAt"],
    }
    return {"line_start": line_start, "line_end": line_end} | dict.fromkeys(FIELDS) | shown
