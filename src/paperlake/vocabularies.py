"""Closed lists of words that the tables use: a value outside them breaks the contract."""

MATCH_RULES = ("new", "arxiv_id", "title_key", "fuzzy", "judgement")
LINK_KINDS = (
    "github_repository", "github_pages", "github_other", "gist", "gitlab", "bitbucket", "hugging_face", "arxiv", "doi",
    "project_page", "shortener", "other",
)  # fmt: skip
LINK_ROLES = (
    "official_code", "project_page", "dataset", "model", "demo", "built_on", "compared_with", "mention", "furniture",
)  # fmt: skip
REJECT_REASONS = {
    "empty": "a dump without a character",
    "not_text": "a dump whose bytes are no text in any encoding",
    "too_large": "a dump over `max_dump_bytes`, or over `max_unpacked_bytes` once unpacked",
    "too_many_lines": "a dump over `max_dump_lines`",
    "line_too_long": "a dump with a line over `max_line_chars`",
    "unknown_layout": "a dump that no layout recognises",
    "no_papers": "a dump whose layout is known and which holds no paper",
    "misread": "a dump with far more rejects than papers: its layout is not what it seemed",
    "missing_abstract": "a title without an abstract after it",
    "missing_title": "an abstract, or other parts of a record, without a title before it",
    "cut_off": "a record that the end of the dump, or a break in it, cut before its title was whole",
    "unread_text": "text between records, or longer than any furniture, that its layout does not know",
    "damaged_record": "a record in a data format (JSON) that cannot be parsed",
    "value_too_long": "a record with a value over `max_value_chars`",
    "damaged_archive": "a compressed dump that cannot be unpacked",
    "page_furniture": "a record that stands at the same edge of every dump of a layout: text of the page, no paper",
}
LAYOUT_NAMES = (
    "api_json", "html_page", "notebooklm", "refnum", "firecrawl", "structmd", "linktag", "mcp_search", "email_digest",
    "clipper", "compact", "spaced",
)  # fmt: skip
"""Of `paperlake.layouts.LAYOUTS`, in that order, for who needs none of the layouts themselves."""
CHANGE_CAUSES = {
    "new_dump": "a new dump shows the paper",
    "rule_change": "the rules changed",
    "judgement": "a person judged which records are one paper",
    "correction": "a person corrected a value or named a repository's new place",
    "merge": "papers were found to be one",
    "split": "a paper was found to be several",
    "retraction": "a dump was taken back",
}
