"""``doublecheck train``."""

from __future__ import annotations

from pathlib import Path

import click

from classifier import authenticity
from classifier.cli.group import file_argument, home_option, main, registry_option
from classifier.thresholds import Certificate, smallest_sample
from classifier.training import DEFAULT_SEED
from classifier.workbench import Workbench


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
@click.option("--promote/--no-promote", default=True, show_default=True, help="Make the new model the one that serves.")
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
    trained = Workbench(home).train(
        registry_file,
        account=accounts_file,
        pairs=pairs_file,
        platform=platform,
        seed=seed,
        promote=promote,
        progress=True,
    )
    training = trained.training
    click.echo(f"model {trained.model_id}{' (now serving)' if promote else ''}")
    for tier in ("standard", "high"):
        line = _certificate_line(training.model.certificates.get(tier))
        click.echo(f"  tier {tier:9} {line or _NO_TIER}")
    certificate = None if training.model.account is None else training.model.account.certificate
    click.echo(f"  account alone  {_certificate_line(certificate) or _NO_FLAG}")
    if certificate is not None:  # whom it does not speak of is flagged far more often
        click.echo(f"  {'':13}  among {certificate.population}")


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
