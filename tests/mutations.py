"""Break each rule on purpose and show which test notices.

``python -m tests.mutations`` copies the project, breaks one line at a time and runs the rule's tests. It prints a table
and fails when a broken line goes unnoticed. Not a test itself: it takes minutes, and CI proves the same rules directly.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Mutation(NamedTuple):
    """One line of one file, what to make of it, and the tests of the rule it breaks."""

    rule: int
    file: str
    line: str
    broken: str
    tests: str = "tests/test_rules.py"


_SERVICE = "tests/service/test_rules.py -k "
_LATELY = "tests/service/test_recently_registered.py -k "
_CHANGES = "tests/service/decisions/test_registry_changes.py -k "
MUTATIONS = (
    Mutation(1, "classifier/scoring/scorer.py", "if identity is not None:", "if False:"),
    Mutation(1, "classifier/scoring/policy.py", "if assessment.declared_secondary:", "if False:"),
    Mutation(1, "classifier/accounts/identity.py", '("protected", "handle"),', ""),
    Mutation(2, "classifier/scoring/pair_scores.py", "(signs >= 0) & ", ""),
    Mutation(2, "classifier/scoring/policy.py", "if assessment.direction <= 0:", "if False:"),
    Mutation(3, "classifier/certification/neyman_pearson.py", "0.0 <= probability <= 1.0 and ", ""),
    Mutation(3, "classifier/scoring/policy.py", 'if target is None or relation != "impersonation":',
             "if target is None:"),
    Mutation(3, "classifier/scoring/policy.py", "if not account.platform or ", "if account.platform and "),
    Mutation(3, "service/web/middleware.py", "except Exception", "except LookupError", "tests/service"),
    Mutation(6, "classifier/scoring/policy.py", "if account.verified:", "if False:"),
    Mutation(6, "classifier/scoring/policy.py", "elif account.followers >= policy.high_impact_followers:",
             "elif False:"),
    Mutation(6, "classifier/scoring/policy_numbers.py", "approvals: int = 2", "approvals: int = 1"),
    Mutation(6, "classifier/scoring/policy.py", "- now <= policy.access_margin", "< now"),
    Mutation(7, "classifier/features/profiles.py", '"followers", kind="standing", monotone=-1',
             '"followers", kind="standing"', "tests/classifier/features/test_feature_list.py"),
    Mutation(8, "classifier/features/together.py", "math.isnan(prominence) or ", "",
             "tests/classifier/features/test_together.py"),
    Mutation(7, "classifier/training/train.py", "monotone=MONOTONE, ", ""),
    Mutation(7, "classifier/scoring/scorer.py", "key=scores.probability.__getitem__",
             "key=scores.closeness.__getitem__"),
    Mutation(8, "classifier/model/additive_kernel.py", "if not np.isnan(value):", "if True:"),
    Mutation(8, "classifier/model/additive.py", "float(np.clip(0.0, steps.min(), steps.max()))", "0.0"),
    Mutation(8, "classifier/features/feature.py", "MISSING = math.nan", "MISSING = 0.0"),
    Mutation(9, "classifier/scoring/policy.py", "if certificate is None:", "if False:"),
    Mutation(9, "classifier/scoring/policy.py", "elif not certificate.covers(assessment.impersonation_probability",
             "elif not 0.5 < (assessment.impersonation_probability"),
    Mutation(9, "classifier/scoring/policy.py", "elif not certificate.covers(assessment.clearing_probability",
             "elif not 0.5 < (assessment.clearing_probability"),
    Mutation(9, "classifier/scoring/policy.py", "elif not certificate.covers(assessment.clearing_probability",
             "elif not certificate.covers(assessment.impersonation_probability"),
    Mutation(9, "classifier/model/pair_model.py", "np.maximum(self._of_kinds(contributions).max(axis=1), 0.0)", "0.0"),
    Mutation(9, "classifier/model/pair_model.py", "np.maximum(self._of_kinds(contributions).max(axis=1), 0.0)",
             "self._of_kinds(contributions).max(axis=1)"),
    Mutation(9, "classifier/scoring/scorer.py", "clearing_probability=scores.cautious[steadiest]",
             "clearing_probability=scores.probability[likeliest]"),
    Mutation(9, "service/decisions/check.py", '"clearing_probability": assessment.clearing_probability',
             '"clearing_probability": assessment.impersonation_probability', _SERVICE + "rule_9"),
    Mutation(9, "service/monitoring/watcher.py", 'answer.get("clearing_probability")', "None",
             "tests/service/monitoring/test_watcher.py"),
    Mutation(9, "classifier/scoring/policy.py", "elif assessment.uncovered:", "elif False:",
             "tests/classifier/scoring/test_policy.py"),
    Mutation(9, "classifier/model/pair_model.py", "self.ranges.get(name, unknown)",
             "self.ranges.get(name, (-9e9, 9e9))",
             "tests/classifier/model/test_pair_model.py"),
    Mutation(3, "classifier/scoring/policy.py", "<= policy.own_or_parody:", "<= 1.0:",
             "tests/classifier/scoring/test_policy.py"),
    Mutation(9, "classifier/certification/neyman_pearson.py", "if n < smallest_sample(alpha, delta):", "if n < 1:"),
    Mutation(10, "classifier/model_store/artifacts.py", "    _check_signature(", "    (lambda *_: None)("),
    Mutation(9, "classifier/scoring/policy.py", "elif not certificate.covers(assessment.clearing_probability",
             "elif not assessment.inauthentic and not certificate.covers(assessment.clearing_probability"),
    Mutation(9, "classifier/scoring/policy.py", "if target is None or relation",
             "if assessment.inauthentic and target:\n        return\n    if target is None or relation"),
    Mutation(10, "classifier/model_store/artifacts.py", "= verify(directory, trusted, expected_id=expected_id)",
             "= _decode(_read(directory / MANIFEST)), {one: _read(directory / one) for one in (MODEL, SCORECARD)}"),
    Mutation(10, "classifier/model_store/artifacts.py", "if _size_and_digest(content) != named:", "if False:"),
    Mutation(3, "classifier/batch/score_rows.py", "    except Exception:\n        return [_alone",
             "    except OSError:\n        return [_alone", "tests/classifier/batch/test_score_rows.py"),
    Mutation(3, "classifier/batch/volume_cap.py", "if count > most:", "if False:",
             "tests/classifier/batch/test_volume_cap.py"),
    Mutation(10, "classifier/batch/snapshot.py", "if index.registry.version != snapshot.registry_version:", "if False:",
             "tests/classifier/batch/test_snapshot.py"),
    Mutation(1, "service/decisions/redemption.py", "    yield from changed_verdict(",
             "    yield from () and changed_verdict(",
             _SERVICE + "rule_1_an_account_protected"),
    Mutation(3, "service/decisions/check.py", 'if verdict.verdict == "cleared":', 'if verdict.verdict != "refused":',
             _SERVICE + "rule_6"),
    Mutation(4, "service/records/transaction.py", "    transaction.finish(signer)", "    pass",
             _SERVICE + "rule_4"),
    Mutation(5, "service/decisions/redemption.py", 'if state != "valid":', "if False:", _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "    yield from _other_hands(",
             "    yield from () and _other_hands(",
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "    yield from changes(", "    yield from () and changes(",
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "if clearance.model_id != fresh.model_id:", "if False:",
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "transaction.change(_SPEND, which=row.id, entry=entry.seq)", "pass",
             _SERVICE + "rule_5"),
    Mutation(6, "service/decisions/reviews.py", "if same_person(caller.actor, row.actor) or ", "if ",
             _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/reviews.py", "if any(same_person(approval.row.actor, caller.actor)",
             "if False and any(()", _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/reviews.py", "    if not seen:\n        raise", "    if False:\n        raise",
             _SERVICE + "rule_6"),
    Mutation(6, "service/web/api/checks.py", "statement_of(await check_service.find(",
             "statement_of(await check_service.show(", _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/review_state.py", "return fresh and row.revoked is None", "return fresh",
             _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/review_state.py", "and approved >= int(", "and 1 + approved >= int(",
             _SERVICE + "rule_6"),
    # Changes of the registry are actions, and what changed lately takes two people.
    Mutation(6, "classifier/scoring/policy.py", "    yield from _lately(", "    yield from () and _lately(",
             _LATELY + "cleared_and_what_was_added"),
    Mutation(6, "classifier/scoring/policy.py", "if began and now - began < policy",
             "if began and now < began and policy", "tests/classifier/scoring/test_policy.py"),
    Mutation(6, "classifier/scoring/policy.py", "if ended and now - ended < policy",
             "if ended and now < ended and policy", "tests/classifier/scoring/test_policy.py"),
    Mutation(6, "classifier/scoring/scorer.py", '("target", "likeliest", "steadiest")', '("likeliest",)',
             "tests/classifier/scoring/test_scorer.py -k lately"),
    Mutation(6, "classifier/scoring/scorer.py", "unprotected_at=self.registry.unprotected_at(account)",
             "unprotected_at=None", _LATELY + "withdrawn_still_protects"),
    Mutation(6, "classifier/registry/recent.py", "        lost = {key", "        lost = set() and {key",
             "tests/classifier/registry/test_recent.py"),
    Mutation(6, "classifier/registry/recent.py", "len(replaced) != 1 or ", "",
             "tests/classifier/registry/test_recent.py"),
    Mutation(6, "classifier/registry/changes.py", "_compared(before) != _compared(after)", "False",
             "tests/classifier/registry/test_changes.py"),
    Mutation(6, "classifier/storage/registry_store.py", "return before.recent.since(", "return NOTHING.since(",
             "tests/classifier/storage/test_registry_store.py -k past"),
    Mutation(6, "classifier/storage/registry_store.py", "if self.exists() else NOTHING", "if False else NOTHING",
             "tests/classifier/storage/test_registry_store.py -k damaged"),
    Mutation(6, "classifier/storage/registry_store.py", '"withdraw"]], at)', '"withdraw"]])',
             "tests/classifier/storage/test_registry_store.py -k past"),
    Mutation(6, "classifier/storage/registry_store.py", "if expected is not None and ", "if False and ",
             "tests/classifier/storage/test_registry_store.py -k another_version"),
    Mutation(6, "classifier/scoring/resemblance.py", "for one in (claimed, bare))", "for one in (claimed,))",
             "tests/classifier/scoring/test_resemblance.py"),
    Mutation(6, "classifier/scoring/resemblance.py", "(account.display_name, *account.aliases)",
             "(account.display_name,)", "tests/classifier/scoring/test_resemblance.py"),
    Mutation(6, "service/decisions/reviews.py", "or (reason.code in _DATED and reason.text != known[reason.code])", "",
             _LATELY + "two_people_may_agree"),
    Mutation(6, "service/decisions/registry_preview.py", "    if fields:", "    if False:", _CHANGES + "protects_less"),
    Mutation(6, "service/decisions/registry_preview.py", "return same and {", "return True or {",
             _CHANGES + "something_else"),
    Mutation(6, "service/decisions/registry_desk.py", "            if preview.reasons:", "            if False:",
             _CHANGES + "protects_less"),
    Mutation(6, "service/decisions/registry_changes.py", "if not any(_other_admins(",
             "if False and any(_other_admins(", _CHANGES + "with_one_admin"),
    Mutation(6, "service/decisions/registry_changes.py", "and not same_person(row.actor, caller.actor)", "",
             _CHANGES + "with_one_admin"),
    Mutation(6, "service/decisions/registry_changes.py", "and not leaving(row.access_ends_at, transaction.now, rules)",
             "", _CHANGES + "with_one_admin"),
    Mutation(6, "service/decisions/registry_changes.py", "if same_person(caller.actor, waiting.row.actor):",
             "if False:", _CHANGES + "whoever_asks"),
    Mutation(6, "service/decisions/registry_changes.py", "if ends and ends - now <= rules",
             "if ends and ends <= now and rules", _CHANGES + "about_to_leave"),
    Mutation(6, "service/decisions/registry_changes.py", "if asked.revoked is not None or ", "if ",
             _CHANGES + "revoked_key"),
    Mutation(6, "service/decisions/registry_changes.py", "if not against and not _has_seen(",
             "if False and not _has_seen(", _CHANGES + "not_looked"),
    Mutation(6, "service/decisions/registry_changes.py", "if now - moment(row.at) >= rules.change_time:",
             "if False:", _CHANGES + "limited_time"),
    Mutation(6, "service/decisions/registry_changes.py", 'if any(one.answer == "decline" for one in answers):',
             "if False:", _CHANGES + "declined_change"),
)  # fmt: skip


def broken_copy(mutation: Mutation, directory: Path) -> None:
    """Copy the project and break one line of the copy."""
    for name in ("classifier", "service", "tests", "data", "pyproject.toml", "README.md"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, directory / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, directory / name)
    path = directory / mutation.file
    text = path.read_text(encoding="utf-8")
    if mutation.line not in text:
        raise SystemExit(f"{mutation.file} has no '{mutation.line}' any more; correct tests/mutations.py")
    path.write_text(text.replace(mutation.line, mutation.broken, 1), encoding="utf-8")


def red_test(mutation: Mutation) -> str | None:
    """Return the first test that fails on the broken copy."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        broken_copy(mutation, directory)
        command = [sys.executable, "-m", "pytest", "-x", "-q", *mutation.tests.split()]
        environment = os.environ | {"PYTHONPATH": str(directory)}
        result = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
        found = re.search(r"^(?:FAILED|ERROR) \S*::(\S+)", result.stdout, flags=re.MULTILINE)
        return found[1] if found else None


def main() -> None:
    """Print a row for each mutation and fail when one was not noticed."""
    unnoticed = 0
    for mutation in MUTATIONS:
        test = red_test(mutation)
        unnoticed += test is None
        print(
            f"rule {mutation.rule:>2} | {mutation.file} | {mutation.line.strip()} | {test or 'NOT NOTICED'}", flush=True
        )
    raise SystemExit(unnoticed > 0)


if __name__ == "__main__":
    main()
