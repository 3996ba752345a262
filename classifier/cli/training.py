"""``doublecheck train``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from classifier import authenticity
from classifier.authenticity import AccountModel
from classifier.cli.group import file_argument, home_option, main, now, registry_option
from classifier.cli.models import refuse
from classifier.datasets import read_labelled_accounts, read_labelled_cases
from classifier.home import load_registry
from classifier.models import ModelStore, Who
from classifier.models.promotion import examine
from classifier.models.promotion import promote as accept
from classifier.thresholds import Certificate, smallest_sample
from classifier.training import DEFAULT_SEED, train


@main.command(name="train")
@registry_option
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="The same seed and data give the same model."
)
@click.option(
    "--accounts",
    "accounts_file",
    type=file_argument,
    help="Labelled accounts with columns label (fake or genuine) and source, for the answer about the account alone; "
    "by default it comes from public research sets.",
)
@click.option(
    "--pairs",
    "pairs_file",
    type=file_argument,
    help="Your own labelled accounts with columns target_handle, in the registry, and label, to learn from as well.",
)
@click.option("--platform", help="Platform of labelled accounts that name none, for example 'x'.")
@click.option(
    "--promote/--no-promote",
    default=True,
    show_default=True,
    help="Make the new model the one that serves, if the gate finds nothing against it; exit status 1 if it does.",
)
@home_option
def train_command(
    registry_file: Path | None,
    seed: int,
    accounts_file: Path | None,
    pairs_file: Path | None,
    platform: str | None,
    promote: bool,
    home: Path,
) -> None:
    """Train a model over simulated attacks on the registry, by default on an invented population."""
    at = now()
    # The quick part first: labels that cannot be used are refused before a minute or two of training.
    account = _learned(accounts_file, at, platform) if accounts_file else None
    # Pairs need the registry that their targets are in: the imported one where none is named.
    registry = load_registry(home, registry_file, now=at) if registry_file or pairs_file else None
    given = read_labelled_cases(pairs_file, registry, now=at, platform=platform) if pairs_file and registry else ()
    training = train(registry, account=account, given=given, seed=seed, progress=True)
    store = ModelStore(home)
    model_id = store.add(training)
    findings = examine(store, model_id, registry=registry, given=given, progress=True) if promote else ()
    if promote and not findings:
        accept(store, model_id, (), who=Who.of_system(), at=now())
    click.echo(f"model {model_id}{' (now serving)' if promote and not findings else ''}")
    for tier in ("standard", "high"):
        line = _certificate_line(training.model.certificates.get(tier))
        click.echo(f"  tier {tier:9} {line or _NO_TIER}")
    certificate = None if training.model.account is None else training.model.account.certificate
    click.echo(f"  account alone  {_certificate_line(certificate) or _NO_FLAG}")
    if certificate is not None:  # whom it does not speak of is flagged far more often
        click.echo(f"  {'':13}  among {certificate.population}")
    refuse(store, model_id, findings)


def _learned(path: Path, at: datetime, platform: str | None) -> AccountModel:
    found = read_labelled_accounts(path, now=at, platform=platform)
    return authenticity.fit(found.accounts, found.labels, found.sources)


_NO_TIER = "no certificate: nothing of this tier will be cleared; train on more protected accounts"


_NO_FLAG = (
    f"no certificate: nobody will be flagged; give {smallest_sample(authenticity.ALPHA, authenticity.DELTA):,} or more "
    f"genuine accounts that at least {authenticity.AUDIENCE} people follow"
)


def _certificate_line(certificate: Certificate | None) -> str | None:
    if certificate is None:
        return None
    return (
        f"threshold {certificate.threshold:.4f}: at most {certificate.alpha:.1%} of genuine accounts above it, "
        f"with {1 - certificate.delta:.0%} confidence (n = {certificate.n:,}, above: {certificate.errors})"
    )
