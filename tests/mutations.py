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
    Mutation(6, "service/decisions/reviews.py", "Actor(decision.row.actor, decision.named_end)",
             "Actor(decision.row.actor)", "tests/service/test_readme.py"),
    Mutation(6, "service/decisions/review_state.py", "return fresh and row.revoked is None", "return fresh",
             _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/review_state.py", "and approved >= int(", "and 1 + approved >= int(",
             _SERVICE + "rule_6"),
    # The contract, and what the log says of what fails.
    Mutation(3, "service/schemas/values.py", ").astimezone(UTC)", ")", "tests/service/schemas/test_values.py"),
    Mutation(3, "service/schemas/values.py", "not _RFC_3339.fullmatch(value)", "not value",
             "tests/service/schemas/test_values.py"),
    Mutation(3, "service/schemas/values.py", "isinstance(value, float) and value.is_integer())",
             "isinstance(value, float))", "tests/service/schemas/test_values.py"),
    Mutation(3, "service/schemas/values.py", "return int(value) if isinstance(value, float)",
             "return int(value) if isinstance(value, str)", "tests/service/schemas/test_values.py"),
    Mutation(3, "service/web/api/checks.py", "    until: Moment | None", "    until: str | None",
             "tests/service/web/test_app.py"),
    Mutation(3, "service/web/api/checks.py", '    "/{check_id:uuid}",', '    "/{check_id}",',
             "tests/service/web/test_problems.py"),
    Mutation(3, "service/web/console/session_guard.py", "    except ValueError:  #", "    except KeyError:  #",
             "tests/service/web/console/test_session_guard.py"),
    Mutation(3, "service/web/console/session_guard.py", '[\\x20-\\x7e]{16,200}', '[\\x00-\\x7e]{16,200}',
             "tests/service/web/console/test_garbage.py -k postgresql"),
    Mutation(3, "service/web/console/check_pages.py", 'str(UUID(form.value("clearance_id")))',
             'form.value("clearance_id")', "tests/service/web/console/test_garbage.py -k postgresql"),
    Mutation(3, "service/utils/strict_json.py", "if math.isinf(value):", "if False:",
             "tests/service/web/test_json_route.py"),
    Mutation(3, "service/web/problems.py", "if response.status_code == 405:", "if False:",
             "tests/service/web/test_problems.py"),
    Mutation(3, "service/utils/traces.py", "if _is_ours(frame)), frames[-1])", "if False), frames[-1])",
             "tests/service/utils/test_traces.py"),
    Mutation(3, "service/utils/traces.py", "None if link.__suppress_context__ else ", "",
             "tests/service/utils/test_traces.py"),
    Mutation(3, "service/web/middleware.py", "    if frames:", "    if True:",
             "tests/service/web/test_middleware.py"),
    Mutation(3, "service/web/middleware.py", "request_id, trace(error), extra", "request_id, error, extra",
             "tests/service/web/test_middleware.py"),
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
