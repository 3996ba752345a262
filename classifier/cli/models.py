"""``doublecheck models``: the trained models, and which of them serves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from classifier.certification.neyman_pearson import OwnBound
from classifier.cli.labels import pairs_kind_option
from classifier.cli.main import Group
from classifier.cli.options import file_argument, home_option, now, registry_option
from classifier.errors import InputError, PromotionError
from classifier.model_store import ModelStore, Who
from classifier.model_store.glance import Glance, glances
from classifier.model_store.manifest_diff import differences, lines
from classifier.model_store.promotion_log import CERTIFIED
from classifier.promotion import report
from classifier.promotion.gate import Finding
from classifier.promotion.promote import Examination, examine, promote
from classifier.storage.home import load_registry
from classifier.utils.atomic_files import atomic_path
from classifier.utils.percent import share_percent


@click.group(name="models", cls=Group)
def models_group() -> None:
    """The trained models, and which of them serves."""


@models_group.command(name="list")
@home_option
def models_list(home: Path) -> None:
    """List the models, the latest first; the one that serves, and the one that ships with the package, are marked."""
    store = ModelStore(home)
    for one in glances(store):
        state = "serving" if one.is_serving else "served before" if one.served_before else ""
        since = "shipped" if one.is_shipped else f"{one.stored_at:%Y-%m-%d %H:%M}"
        click.echo(f"{one.model_id}  {state:13}  {since:16}  {_line(one)}")
    warn(store)


@models_group.command(name="show")
@click.argument("model_id", required=False)
@click.option(
    "--card",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the model card there, as .html or .md, instead of printing the manifest.",
)
@home_option
def models_show(model_id: str | None, card: Path | None, home: Path) -> None:
    """Print the manifest of MODEL_ID, by default of the serving model, or write its card."""
    store = ModelStore(home)
    wanted = store.wanted(model_id)
    for tier, why in store.withdrawn(wanted).items():
        click.echo(f"Warning: tier {tier}: {why}", err=True)
    if card is None:
        click.echo(json.dumps(store.verify(wanted), indent=2))
        return
    if card.suffix.lower() not in (".html", ".md"):
        raise InputError(f"{card.name}: unknown ending; a card is written as .html or .md")
    text = store.card(wanted, card.suffix.lower())
    with atomic_path(card) as temporary:
        temporary.write_text(text, encoding="utf-8")
    click.echo(f"card of model {wanted} -> {card}")


@models_group.command(name="verify")
@click.argument("model_id", required=False)
@click.option("--all", "every", is_flag=True, help="Check every stored model, and the log of promotions.")
@home_option
def models_verify(model_id: str | None, every: bool, home: Path) -> None:
    """Check signature and digests of MODEL_ID, by default of the serving model and the log, loading nothing."""
    store = ModelStore(home)
    for wanted in store.usable_ids() if every else [store.wanted(model_id)]:
        store.verify(wanted)
        trusted = "it ships with the package, and its" if store.is_shipped(wanted) else "signature and"
        click.echo(f"model {wanted}: {trusted} digests are right")
    if model_id is None:
        found = store.log()
        if found.damage:
            raise PromotionError(f"the log of promotions is damaged: {'; '.join(found.damage)}")
        click.echo(f"log of promotions: {len(found.entries):,} entries are right")


@models_group.command(name="diff")
@click.argument("a")
@click.argument("b", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of part, name, a and b.")
@home_option
def models_diff(a: str, b: str | None, as_json: bool, home: Path) -> None:
    """Show how model A differs from model B, by default the serving one: data, seed, code, certificates, figures."""
    store = ModelStore(home)
    one, other = store.wanted(a), store.wanted(b)
    rows = differences(store.verify(one), store.verify(other))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for line in lines(rows, one, other):
        click.echo(line)


@models_group.command(name="promote")
@click.argument("model_id")
@click.option(
    "--pairs",
    multiple=True,
    type=file_argument,
    help="Compare on your own labelled accounts too: columns target_handle and label, and family or slice if you like. "
    "May be given several times.",
)
@pairs_kind_option
@click.option("--platform", help="Platform of labelled rows that name none, for example 'x'.")
@registry_option
@home_option
def models_promote(
    model_id: str,
    pairs: tuple[Path, ...],
    pairs_kind: str | None,
    platform: str | None,
    registry_file: Path | None,
    home: Path,
) -> None:
    """Make MODEL_ID serve, if the gate finds nothing against it; a running service follows within a second.

    The gate compares it with the serving model: certificates, a few questions in the order of harm on held-out cases,
    their slices, calibration, labels. It prints what it asked, and what it would have noticed. Exit status 1 when it
    refuses.
    """
    store = ModelStore(home)
    model_id = store.wanted(model_id)
    registry = load_registry(home, registry_file, now=now()) if pairs else None
    found = examine(store, model_id, registry=registry, pairs=pairs, kind=pairs_kind, platform=platform, progress=True)
    tell_examination(found)
    if not promote(store, model_id, found.findings, who=Who.of_system(), at=now()):
        raise refused(model_id, found.findings)
    click.echo(f"model {model_id} is now serving")
    warn(store)


@models_group.command(name="rollback")
@click.argument("model_id", required=False)
@home_option
def models_rollback(model_id: str | None, home: Path) -> None:
    """Go back to MODEL_ID, by default to the model that served before; verified, but no gate is asked."""
    store = ModelStore(home)
    back = store.roll_back(model_id and store.wanted(model_id), who=Who.of_system(), at=now())
    click.echo(f"model {back} is serving again")
    warn(store)


def refused(model_id: str, findings: Sequence[Finding]) -> PromotionError:
    """Return the error that says why the gate refuses a model, and what to do next."""
    return PromotionError("\n".join((f"model {model_id} is stored and not promoted:", *reasons(findings), _NEXT)))


def tell_examination(found: Examination) -> None:
    """Print what the gate looked at."""
    for line in report.lines(found):
        click.echo(line)


def reasons(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield one line a finding."""
    yield from (f"  {finding.code}: {finding.text}" for finding in findings)


def warn(store: ModelStore) -> None:
    """Say on standard error what is wrong with the log of promotions, and what is to be certified; it stops nothing."""
    found = store.log()
    for damage in found.damage:
        click.echo(f"Warning: log of promotions: {damage}", err=True)
    certified, current = {entry["model"] for entry in found.entries if entry["event"] == CERTIFIED}, store.current_id()
    if certified and current not in certified:
        click.echo(
            f"Warning: model {current} is not certified on own accounts, and what was certified of another model says "
            "nothing of it: doublecheck certify --genuine FILE",
            err=True,
        )


_NEXT = (
    "do what each line says, or, if two admins answer for it: "
    "'doublecheck models promote ID --force --reason TEXT', twice"
)


def _own(bounds: Mapping[str, OwnBound]) -> Iterator[str]:
    """Yield what own accounts ask for, by tier."""
    for tier, bound in sorted(bounds.items()):
        yield f"{tier} {'too few' if bound.threshold is None else f'{bound.threshold:.4f}'} (n {bound.n:,})"


def _line(one: Glance) -> str:
    """Return what a person wants to know of a version; a damaged one is said to be so."""
    if one.error is not None:
        return f"CANNOT BE USED: {one.error}"
    certified = ", ".join(f"{tier} {share_percent(alpha)}" for tier, alpha in one.certified.items()) or "none"
    seed = "?" if one.seed is None else one.seed
    parts = [f"seed {seed}", f"{one.identities or 0:,} identities", f"certified: {certified}"]
    if one.own:
        parts.append(f"on own accounts: {', '.join(_own(one.own))}")
    parts += [f"WITHDRAWN {tier}: {why}" for tier, why in one.withdrawn.items()]
    if one.labels:
        parts.append(f"{one.labels:,} given labels")
    if one.figures.get("auc") is not None:
        names = ("impersonation_with_right_target", "genuine_called_impersonation")
        found, flagged = (share_percent(one.figures[name]) for name in names)
        parts.append(f"AUC {one.figures['auc']:.3f}, found {found}, genuine called so {flagged}")
    return "  ".join(parts)
