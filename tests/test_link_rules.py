"""Rules as `cues.toml` states them: a taught one counts, and a faulty one is an error that names it."""

import polars as pl
import pytest

from paperlake.link_roles import rules as link_rules_module
from paperlake.link_roles.rules import RuleError, link_rules, own_rules, read_rules
from paperlake.link_roles.scores import expect_weights, role_weights
from paperlake.paper_links import is_surely_own
from paperlake.vocabularies import LINK_ROLES

WORDS = "[words]\npot = '''\npots?  kettles?\nlids?'''\n"


def read(rule, found=""):
    return read_rules(f"{WORDS}[rules.drips]\n{rule}\n[found]\n{found}")


def test_a_rule_is_read_with_its_words_filled_in():
    rule = read('says = "a pot"\nfor = ["demo"]\nown = true\nclause = \'\\b{pot}\\bx{0,1}\'')["drips"]
    assert (rule.says, rule.roles, rule.is_own) == ("a pot", ("demo",), True)
    assert rule.patterns["clause"].search("two lids")
    assert not rule.patterns["clause"].search("two pans")


def test_a_rule_says_nothing_of_its_own_unless_it_is_told_to():
    rules = read("says = 'a pot'\nclause = 'pot'", "lone = { says = 'alone' }")
    assert [(rule.is_own, rule.roles) for rule in rules.values()] == [(False, ()), (False, ())]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "says = 'a'\nclauze = 'pot'",
            ["[rules.drips]", "'clauze'", "says, for, own, clause", "Did you mean 'clause'?"],
        ),
        ("clause = 'pot'", ["[rules.drips]", "`says`"]),
        ("says = 'a'", ["[rules.drips]", "a pattern"]),
        ("says = 'a'\nclause = 'pot('", ["[rules.drips], `clause`", "'pot('", "regular expression"]),
        ("says = 'a'\nclause = 7", ["[rules.drips], `clause`", "7", "in quotes"]),
        ("says = 'a'\nclause = '{pan}'", ["[rules.drips], `clause`", "'pan'", "Known are pot."]),
        ("says = 'a'\nclause = 'pot'\nown = 'yes'", ["[rules.drips]", "`own`", "'yes'"]),
        ("says = 'a'\nclause = 'pot'\nfor = 'demo'", ["[rules.drips]", "a list of roles", "'demo'"]),
        ("says = 'a'\nclause = 'pot'\nfor = ['code']", ["[rules.drips]", "role in `for`", "'code'", "official_code"]),
        ("says = 'a'\nclause = 'pot'\n[rulez.b]", ["the file", "'rulez'", "Did you mean 'rules'?"]),
    ],
)
def test_a_fault_names_its_rule_and_value(rule, told):
    with pytest.raises(RuleError) as raised:
        read(rule)
    for words in told:
        assert words in str(raised.value)


def test_rules_without_a_pattern_are_checked_too():
    with pytest.raises(RuleError, match=r"\[found.lone\].*known key.*'clause'"):
        read("says = 'a'\nclause = 'pot'", "lone = { says = 'alone', clause = 'pot' }")
    with pytest.raises(RuleError, match=r"\[found.drips\].*a name of its own"):
        read("says = 'a'\nclause = 'pot'", "drips = { says = 'alone' }")


def test_a_taught_rule_can_name_a_repository(monkeypatch):
    taught = read("says = 'it pours'\nown = true\nclause = 'pours'")
    monkeypatch.setattr(link_rules_module, "link_rules", lambda: taught)
    assert own_rules() == ("drips",)
    links = pl.DataFrame(
        {"role": ["official_code"] * 2, "confidence": [0.9, 0.9], "evidence": [["drips"], ["our_code"]]}
    )
    assert links.select(is_surely_own()).to_series().to_list() == [True, False]


def test_the_own_rules_are_those_of_code_that_its_authors_call_theirs():
    assert {"our_code", "code_label", "code_is_out", "in_listing", "name_in_title", "ours_is_at"} <= set(own_rules())
    assert not {"code_words", "at_the_end", "only_repository", "built_on", "cited"} & set(own_rules())
    assert all("official_code" in link_rules()[rule].roles for rule in own_rules())


@pytest.mark.parametrize(("weighed", "rules"), [([], ["drips"]), (["drips"], [])])
def test_a_rule_without_weights_says_how_to_get_them(weighed, rules):
    with pytest.raises(RuleError, match=r"drips.*\n.*python -m benchmarks.link_roles --fit"):
        expect_weights(weighed, rules)


def test_no_weight_contradicts_what_its_rule_says():
    weights = {row.pop("rule"): row for row in role_weights().to_dicts()}
    stated = {name: rule.roles for name, rule in link_rules().items() if rule.roles}
    assert len(stated) >= 30
    wrong = [
        (name, role, weights[name][role])
        for name, roles in stated.items()
        for role in LINK_ROLES
        if weights[name][role] * (1 if role in roles else -1) < 0
    ]
    assert wrong == []
    assert [name for name, roles in stated.items() if max(weights[name][role] for role in roles) <= 0] == []
