"""What the templates of Annex I of Implementing Regulation (EU) 2024/2835 take, under their own headings.

They have eleven parts. Of parts 4 (notices), 6 (own initiative, against the terms) and 8 (automated means) Doublecheck
knows some cells; these come here with the part's number, the heading and the scope as the template writes them, for the
category that every statement is of. Parts 4 to 6 are wide tables, a row a category; parts 7 and 8 are long ones, with
section, indicator, scope and value. Neither is filled in as a file: the rest of each is not known here. Doublecheck
knows nothing of parts 1 to 3 (who reports, names of categories, orders of authorities), 5 (illegal content: statements
are of the terms), 9 (people who moderate), 10 (recipients) and 11 (in words). Part 7 is what ``transparency_report``
counts of appeals.

References
----------
Commission Implementing Regulation (EU) 2024/2835, Annex I, https://eur-lex.europa.eu/eli/reg_impl/2024/2835/oj
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.schemas.second_looks import ErrorsOut

# A row: section, indicator, scope, value, note.
Cell = tuple[str, str, str, str, str]
CATEGORY = "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING"
_FLAGGED = {"SOURCE_TRUSTED_FLAGGER"}
_NOTICES = {"SOURCE_ARTICLE_16", *_FLAGGED}
_MEANS = "Annex I part 8: Use of automated means for content moderation"
_SCORED = "a person asked for each action and took it, after a score was computed: count what a program did by itself"


def cells(bodies: Sequence[Mapping[str, Any]], judged: ErrorsOut) -> Iterator[Cell]:
    """Yield what is known of the templates.

    Parameters
    ----------
    bodies : sequence of mapping
        Statements of reasons of the period.
    judged : ErrorsOut
        What second looks found of the checks that were drawn in the period.
    """
    yield from _on_notices(bodies)
    yield from _own_initiative(bodies)
    yield _MEANS, "Number of measures solely taken by automated means", "Total number", "0", _SCORED
    yield from _accuracy(judged)


def _on_notices(bodies: Sequence[Mapping[str, Any]]) -> Iterator[Cell]:
    heading = "Number of actions taken on the basis of the terms and conditions of the service"
    for whose, kinds in (("", _NOTICES), (" (Trusted Flagger notices)", _FLAGGED)):
        count = sum(body.get("source_type") in kinds for body in bodies)
        yield "Annex I part 4: notices", heading + whose, CATEGORY, str(count), _unstated(bodies)


def _own_initiative(bodies: Sequence[Mapping[str, Any]]) -> Iterator[Cell]:
    own = [body for body in bodies if body.get("source_type") == "SOURCE_VOLUNTARY"]
    counts = {
        "Number of measures taken at the provider's own initiative": len(own),
        "Number of measures taken after detection with solely automated means": sum(
            body.get("automated_detection") == "Yes" for body in own
        ),
        "Account restriction Suspension": sum(body["decision_account"].endswith("SUSPENDED") for body in own),
        "Account restriction Termination": sum(body["decision_account"].endswith("TERMINATED") for body in own),
    }
    for heading, count in counts.items():
        yield "Annex I part 6: own initiative, terms and conditions", heading, CATEGORY, str(count), _unstated(bodies)


def _unstated(bodies: Sequence[Mapping[str, Any]]) -> str:
    missing = sum(body.get("source_type") is None for body in bodies)
    return f"{missing} statements do not say yet where it came from" if missing else ""


def _accuracy(judged: ErrorsOut) -> Iterator[Cell]:
    """Yield the accuracy of what was cleared or acted on, as people found who judged a sample blind."""
    right = "" if judged.share is None else f"{1.0 - judged.share:.4f}"
    note = f"of {judged.judged} checks that were cleared or acted on and judged blind, {judged.genuine} are genuine"
    yield _MEANS, "Accuracy of the automated means - Precision", "Total number", right, note
    for name in ("Accuracy", "Recall"):
        unknown = "not known to Doublecheck: what nobody reported is not in any sample"
        yield _MEANS, f"Accuracy of the automated means - {name}", "Total number", "", unknown
