import json

import pytest

from classifier.errors import PlatformRuleError
from classifier.platform_rules.rule_files import LABEL_POSITIONS, NONE, read_rules, shipped_rules

RULE = {
    "platform": "elsewhere", "source": "https://elsewhere.example/rules", "label_position": "bio",
    "picture_must_differ": False, "platform_label": None,
}  # fmt: skip


def put(directory, **changes):
    (directory / "rule.json").write_text(json.dumps(RULE | changes), encoding="utf-8")
    return directory


def test_the_shipped_files_are_of_these_platforms_and_each_names_its_source() -> None:
    rules = shipped_rules().by_platform
    assert set(rules) == {"x", "bluesky", "mastodon", "youtube", NONE}
    assert all(rule.source and rule.label_position in LABEL_POSITIONS for rule in rules.values())
    assert all(set(rule.words) == {"en", "es", "pt", "de", "fr", "ar", "hi", "ja"} for rule in rules.values())


def test_a_directory_adds_a_rule_and_replaces_another(tmp_path) -> None:
    added = read_rules(put(tmp_path))
    assert added.of("elsewhere").label_position == "bio"
    assert added.of("elsewhere").words == shipped_rules().of(NONE).words
    replaced = read_rules(put(tmp_path, platform="x", words={"en": ["pastiche"]}))
    assert replaced.of("x").words == {"en": ("pastiche",)}
    assert len({added.version, replaced.version, shipped_rules().version}) == 3


@pytest.mark.parametrize(
    "fault",
    [
        {"label_position": "sidebar"}, {"picture_must_differ": "yes"}, {"platform_label": "verified"}, {"source": " "},
        {"platform": "X"}, {"words": {}}, {"words": {"en": [" "]}}, {"colour": "red"},
    ],
)  # fmt: skip
def test_a_file_that_says_anything_unknown_is_an_error(tmp_path, fault) -> None:
    with pytest.raises(PlatformRuleError, match=r"rule\.json"):
        read_rules(put(tmp_path, **fault))


def test_a_directory_without_files_or_with_broken_ones_is_an_error(tmp_path) -> None:
    for directory in (tmp_path, tmp_path / "absent"):
        with pytest.raises(PlatformRuleError):
            read_rules(directory)
    (tmp_path / "rule.json").write_text("{", encoding="utf-8")
    with pytest.raises(PlatformRuleError, match="JSON"):
        read_rules(tmp_path)
