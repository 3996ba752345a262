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
_PEOPLE = "tests/service/test_people.py -k "
_KEY = "tests/service/utils/test_person_key.py"
_ERASURE = "tests/service/decisions/test_erasure.py -k sqlite"
_VERIFIED = "tests/service/records/test_verification.py -k sqlite"
_STATEMENTS = "tests/service/decisions/test_statement_of_reasons.py -k sqlite"
_WARNINGS = "tests/service/decisions/test_account_warnings.py"
_OUTCOMES = "tests/service/decisions/test_outcomes.py"
_WATCHER = "tests/service/monitoring/test_watcher.py"
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
    Mutation(3, "service/web/stopping.py", "        if self.begun:", "        if False:",
             "tests/service/web/test_stopping.py"),
    Mutation(3, "service/web/stopping.py", "limit.reschedule(latest)", "pass", "tests/service/web/test_stopping.py"),
    Mutation(3, "service/web/stopping.py", "        os._exit(1)", "        return",
             "tests/service/web/test_stopping.py"),
    Mutation(1, "service/decisions/instances.py", "if PERMISSIONS.intersection(answer.labels[:1]):", "if False:",
             "tests/service/decisions/test_instances.py"),
    Mutation(1, "service/decisions/instances.py", "row.id != self.own and ", "row.id == self.own and ",
             "tests/service/decisions/test_instances.py"),
    Mutation(1, "service/decisions/registry_steps.py", "    _verify(step, trusted)", "    pass",
             "tests/service/decisions/test_registry_steps.py"),
    Mutation(1, "service/decisions/registry_steps.py", ").version != step.after:", ") is None:",
             "tests/service/decisions/test_registry_steps.py"),
    Mutation(1, "service/decisions/registry_steps.py", "registry_steps.c.seq > begin.scalar_subquery()",
             "registry_steps.c.seq > 0", "tests/service/decisions/test_registry_steps.py"),
    Mutation(1, "service/decisions/instances.py", "!= (registry, model)", "!= (registry, row.model)",
             "tests/service/decisions/test_instances.py"),
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
    Mutation(1, "service/decisions/redemption.py", "verdict = tuple(changed_verdict(",
             "verdict = () and tuple(changed_verdict(",
             _SERVICE + "rule_1_an_account_protected"),
    Mutation(3, "service/decisions/check.py", 'if verdict.verdict == "cleared":', 'if verdict.verdict != "refused":',
             _SERVICE + "rule_6"),
    Mutation(4, "service/records/transaction.py", "    transaction.finish(signer)", "    pass",
             _SERVICE + "rule_4"),
    Mutation(5, "service/decisions/redemption.py", 'if state != "valid":', "if False:", _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "    yield from _other_hands(",
             "    yield from () and _other_hands(",
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "changed = tuple(changes(", "changed = () and tuple(changes(",
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/changes.py", "    if changed:\n", "    if False:\n", _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/changes.py", "    if missing:\n", "    if False:\n", _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/changes.py", 'return "gone" if is_emptied else _MISSING', 'return ""',
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/changes.py", 'return "new" if has and name in PROFILE else ""', 'return ""',
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/changes.py", "return not _is_more(then, now)", "return True",
             "tests/service/decisions/test_changes.py"),
    Mutation(5, "service/decisions/changes.py", "return not then or bool(now)", "return True",
             "tests/service/decisions/test_changes.py"),
    Mutation(5, "service/decisions/redemption.py", "if clearance.model_id != fresh.model_id:", "if False:",
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "transaction.change(_SPEND, which=row.id, entry=entry.seq)", "pass",
             _SERVICE + "rule_5"),
    Mutation(6, "service/decisions/reviews.py", "if caller.is_called(row.actor) or ", "if ",
             _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/reviews.py", "if any(caller.is_called(approval.row.actor)",
             "if False and any(()", _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/reviews.py", "    if not seen:\n        raise", "    if False:\n        raise",
             _SERVICE + "rule_6"),
    Mutation(6, "service/decisions/reviews.py", "Actor(decision.row.actor, decision.named_end)",
             "Actor(decision.row.actor)", "tests/service/test_readme.py"),
    Mutation(6, "service/web/api/checks.py", "return await check_service.statement(",
             "await check_service.show(str(check_id), caller)\n    return await check_service.statement(",
             _SERVICE + "rule_6"),
    Mutation(3, "service/decisions/recorded.py", "if self.is_erased:", "if False:", _ERASURE),
    Mutation(6, "service/decisions/reviews.py", "if decision.is_erased:", "if False:", _ERASURE),
    Mutation(3, "service/decisions/erasure.py", "void(transaction, clearance, check_id, order.by)", "pass", _ERASURE),
    Mutation(3, "service/decisions/erasure.py", "max(keep, open_for)", "keep", _ERASURE),
    Mutation(3, "service/decisions/erasure.py", "if order.identifiers and (kept :=", "if False and (kept :=", _ERASURE),
    Mutation(3, "service/decisions/erasure.py", ", decisions.c.id.not_in(_OVERTURNED)", "", _ERASURE),
    Mutation(3, "service/decisions/erasure.py", "if _written(one).casefold() == wanted.casefold()", "", _ERASURE),
    Mutation(4, "service/decisions/erasure.py", "or one.row.id in late ", "", _ERASURE),
    Mutation(4, "service/decisions/erasure.py", "transaction.change(_FORGET",
             "(lambda *_, **__: None)(_FORGET", _ERASURE),
    Mutation(4, "service/decisions/erasure.py", "if order.by != RETENTION:", "if False:", _ERASURE),
    Mutation(4, "service/decisions/erasure.py", '{"report": None}', "{}", _ERASURE),
    Mutation(4, "service/decisions/erasure.py", '(approvals, "reason"), ', "", _ERASURE),
    Mutation(1, "service/decisions/recorded.py", "recorded_subject(self.row) if self.is_erased else ", "", _ERASURE),
    Mutation(4, "service/records/database.py", ', "secure_delete = ON"', "", _ERASURE),
    Mutation(4, "service/records/verification.py", "if table in ERASABLE and row.erased is not None:",
             "if table in ERASABLE and row.erased is not None:\n            return\n        if False:", _VERIFIED),
    Mutation(4, "service/records/verification.py", ", log.c.subject == entry.subject)", ")", _VERIFIED),
    Mutation(4, "service/records/verification.py", "if entry.kind == ERASED:", "if False:", _VERIFIED),
    Mutation(4, "service/records/verification.py", "by is None or by < entry.seq", "by is None", _VERIFIED),
    Mutation(4, "service/records/verification.py", '"statement": statements,', "", _VERIFIED),
    Mutation(3, "service/decisions/statement_of_reasons.py", "if today < FIRST_APPLICATION:", "if False:",
             "tests/service/decisions/test_statement_of_reasons.py -k clock"),
    Mutation(4, "service/decisions/statement_of_reasons.py",
             "[name for name in body if getattr(before, name) is not None]", "[]", _STATEMENTS),
    Mutation(4, "service/decisions/statement_of_reasons.py",
             "[name for name in GIVEN if name not in body and getattr(before, name) is None]", "[]", _STATEMENTS),
    Mutation(4, "service/decisions/statement_of_reasons.py", "if told.get(name) in values", "if name in told",
             _STATEMENTS),
    Mutation(4, "service/decisions/statement_of_reasons.py", "_checked(decision), FIRST_CONTENT), today)",
             "_checked(decision), date.min), date.max)", _STATEMENTS),
    Mutation(4, "service/decisions/redemption.py", "    keep_statement(transaction, statement)", "    pass",
             _STATEMENTS),
    Mutation(4, "service/decisions/statement_export.py", "func.coalesce(statement_additions.c.seq, statements.c.seq)",
             "statements.c.seq + 0", "tests/service/decisions/test_statement_export.py"),
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
    Mutation(3, "service/utils/strict_json.py", "if math.isinf(value):", "if False:",
             "tests/service/web/test_json_route.py"),
    Mutation(3, "service/web/problems.py", "if response.status_code == 405:", "if False:",
             "tests/service/web/test_problems.py"),
    Mutation(3, "service/utils/traces.py", "if _is_ours(frame)), frames[-1])", "if False), frames[-1])",
             "tests/service/utils/test_traces.py"),
    Mutation(3, "service/utils/traces.py", "and id(link) not in seen", "and len(seen) < 99",
             "tests/service/utils/test_traces.py"),
    Mutation(3, "service/web/middleware.py", "    if frames:", "    if True:",
             "tests/service/web/test_middleware.py"),
    Mutation(3, "service/web/middleware.py", "request_id, trace(error), extra", "request_id, error, extra",
             "tests/service/web/test_middleware.py"),
    Mutation(6, "service/decisions/check.py", "account_warnings.with_warnings(verdict, warned, rules.policy)",
             "verdict", _WARNINGS),
    Mutation(6, "service/decisions/account_warnings.py", "(*reasons, *doubts), policy.approvals,",
             "(*reasons, *doubts), 1,", _WARNINGS),
    Mutation(5, "service/decisions/account_warnings.py", "if row.seq <= decision.row.seq:", "if True:", _WARNINGS),
    Mutation(5, "service/decisions/account_warnings.py", "if row.kind == CORRECTED:", "if False:", _WARNINGS),
    Mutation(5, "service/decisions/account_warnings.py", "if not subject_of(then).matches(subject_of(now)):",
             "if False:", _WARNINGS),
    Mutation(5, "service/decisions/redemption.py", "(*warned, *hands,", "(*hands,", _WARNINGS),
    Mutation(5, "service/decisions/redemption.py", "if seen := account_warnings", "if seen := () and account_warnings",
             _WARNINGS),
    Mutation(6, "service/decisions/reviews.py", "if came := tuple(", "if came := () and tuple(", _WARNINGS),
    Mutation(5, "service/decisions/reviews.py", "(*account_warnings.since(warned, decision), *_against(", "(*_against(",
             _WARNINGS),
    Mutation(5, "service/decisions/outcomes.py", "for clearance in outstanding:", "for clearance in ():", _WARNINGS),
    Mutation(5, "service/records/transaction.py", "if warnings in self._unit.rows:", "if False:", _WARNINGS),
    Mutation(5, "service/records/remembered.py", "if self.account_id and self.account_id == other.account_id:",
             "if False:", _WARNINGS),
    Mutation(5, "service/records/remembered.py", "return self.handle == other.handle or", "return False and",
             _WARNINGS),
    Mutation(5, "service/records/remembered.py", "if self.platform != other.platform and", "if False and", _WARNINGS),
    Mutation(6, "service/web/api/batch_checks.py", "account_warnings.with_warnings(verdict, warned, policy)", "verdict",
             _WARNINGS),
    Mutation(6, "service/decisions/outcomes.py", "if not is_spent(read, check_id):", "if False:", _OUTCOMES),
    Mutation(6, "service/decisions/outcomes.py", "if any(people.same(caller.actor, actor)", "if False and any(()",
             _OUTCOMES),
    Mutation(6, "service/decisions/outcomes.py", "if any(True for _ in impact(",
             "if False and any(True for _ in impact(", _OUTCOMES),
    Mutation(6, "service/decisions/outcomes.py", "    elif read(select(outcomes.c.seq)",
             "    elif False and read(select(outcomes.c.seq)", _OUTCOMES),
    Mutation(9, "service/decisions/outcomes.py", ".where(outcomes.c.decision.in_(acted))", "", _WATCHER),
    Mutation(9, "service/monitoring/watcher.py", ".where(outcomes.c.decision.in_(_ACTED))", "", _WATCHER),
    Mutation(9, "service/monitoring/watcher.py", "said[check_id][person(actor)] = outcome",
             "said[check_id][actor] = outcome", _WATCHER),
    Mutation(9, "classifier/certification/monitoring/health.py", "found.is_broken and others >= 1 / delta",
             "found.is_broken", "tests/classifier/certification/monitoring/test_health.py"),
    Mutation(9, "classifier/certification/monitoring/health.py", "if case.said_by != {person}", "if True",
             "tests/classifier/certification/monitoring/test_health.py"),
    # People are compared as people.
    Mutation(6, "service/utils/person_key.py", "shown = _HIDDEN.sub(\"\", normalized(", "shown = str(normalized(",
             _KEY),
    Mutation(6, "service/utils/person_key.py", ".translate(_LOOKS)", "", _KEY),
    Mutation(6, "service/utils/person_key.py", "skeleton(text)", "text", _KEY),
    Mutation(6, "service/utils/person_key.py", "spelled(shown.casefold()).upper()", "spelled(shown)", _KEY),
    Mutation(6, "service/utils/person_key.py", '.replace("*", "\\u2217")', "", _KEY),
    Mutation(6, "service/utils/person_key.py", "if not written_together(scripts(word)):", "if False:", _KEY),
    Mutation(6, "service/auth/api_keys.py", "if fault := fault_of(name):", "if fault := str():",
             "tests/service/auth/test_api_keys.py"),
    Mutation(6, "service/auth/api_keys.py", "        _check_tie(transaction, actor, person)", "        pass",
             "tests/service/auth/test_api_keys.py"),
    Mutation(6, "service/auth/api_keys.py", "return person_key(name) in self.names or ", "return ",
             "tests/service/auth/test_api_keys.py"),
    Mutation(6, "service/auth/api_keys.py", "for name in (actor, *(min(", "for name in (actor, *(() and min(",
             "tests/service/records/test_people.py"),
    Mutation(6, "service/cli/keys.py", "        if not new:", "        if False:", "tests/service/cli/test_keys.py"),
    Mutation(6, "service/schemas/values.py", "if not re.fullmatch(_ACTOR, value):", "if not value:",
             _PEOPLE + "seen"),
    Mutation(6, "service/records/people.py", "groups |= dict.fromkeys(together, together)", "pass",
             "tests/service/records/test_people.py"),
    Mutation(6, "service/records/people.py", ".union(*(groups.get(key, ()) for key in pair))", "",
             "tests/service/records/test_people.py"),
    Mutation(6, "service/records/people.py", "for key in self.names(name) if (end", "for key in (name,) if (end",
             _PEOPLE + "end_of_access"),
    Mutation(6, "service/records/transaction.py", "if actor == EVERYBODY else self.people.names(actor)",
             "if actor == EVERYBODY else frozenset((actor,))", _PEOPLE + "quota"),
    Mutation(6, "service/records/transaction.py", "if self._unit.rows.keys() & {keys, access_ends}:", "if False:",
             "tests/service/records/test_people.py"),
    Mutation(6, "service/records/transaction.py", "for name in sorted(self.people.names(unit.caller))]",
             "for name in (unit.caller,)]", _PEOPLE + "idempotency"),
    Mutation(6, "service/decisions/review_state.py", "counts = not own and ", "counts = ", _PEOPLE + "approver"),
    Mutation(6, "service/decisions/review_state.py", "len({approval.person for approval in found if approval.counts})",
             "sum(approval.counts for approval in found)", _PEOPLE + "approver"),
    Mutation(6, "service/decisions/recorded.py", "any(map(caller.is_called, ", "any(map(caller.actor.__eq__, ",
             _PEOPLE + "finds"),
    Mutation(6, "service/decisions/queries.py", "column.in_([name, *people.spellings(name)])", "column == name",
             _PEOPLE + "finds"),
    Mutation(6, "service/decisions/queries.py", ", column.in_(unkeyed))", ")", _PEOPLE + "finds"),
    Mutation(5, "service/decisions/redemption.py", "if not any(people.same(acts, name)", "if not any(acts == name",
             _PEOPLE + "spent"),
    Mutation(5, "service/decisions/redemption.py", "if not _is_theirs(row.taken_by, decision, caller):", "if False:",
             _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "caller.key_id in {decision.row.key_id, taken_by}",
             "caller.is_called(decision.row.actor)", _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/redemption.py", "keys.c.actor.in_(spellings)", "keys.c.actor == clearance.actor",
             _PEOPLE + "revoked"),
    Mutation(5, "service/decisions/redemption.py", "named_end=ends", "named_end=None", _SERVICE + "rule_5"),
    Mutation(5, "service/decisions/case_file.py", "acts and valid and may_spend(read, decision, caller)",
             "acts and valid", "tests/service/decisions/test_case_file.py -k offered_to_be_spent"),
    # What comes again is asked about again.
    Mutation(5, "service/records/transaction.py", "    self._check_key(unit.key_id)", "    pass", _PEOPLE + "moment"),
    Mutation(5, "service/decisions/repeats.py", 'return "" if state == "valid" else state', 'return ""',
             _PEOPLE + "again"),
    Mutation(5, "service/decisions/repeats.py", "if end and end <= transaction.now:", "if False:", _PEOPLE + "again"),
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
