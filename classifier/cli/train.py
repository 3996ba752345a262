"""``doublecheck train``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from classifier.certification.neyman_pearson import Certificate, smallest_sample
from classifier.cli.labels import pairs_kind_option
from classifier.cli.models import refused, tell_examination
from classifier.cli.options import file_argument, home_option, registry_option
from classifier.errors import TrackingError
from classifier.model import account_model
from classifier.model_store import ModelStore, mlflow
from classifier.training.train import DEFAULT_SEED, GIVEN_WEIGHT, MOST_WEIGHT
from classifier.utils.percent import share_percent
from classifier.workbench import Trained, Workbench


@click.command(name="train")
@registry_option
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="The same seed and data give the same model."
)
@click.option(
    "--accounts",
    "accounts_files",
    multiple=True,
    type=file_argument,
    help="Labelled accounts with columns label (fake or genuine) and source, or a file of cresci-2015, cresci-2017, "
    "TwiBot-20 or TwiBot-22, for the answer about the account alone; by default it comes from public research sets. "
    "May be given several times.",
)
@click.option(
    "--label",
    type=click.Choice(["fake", "genuine"]),
    help="What the accounts of a cresci table are, where neither file nor folder has a campaign's name.",
)
@click.option(
    "--pairs",
    "pairs_files",
    multiple=True,
    type=file_argument,
    help="Your own labelled accounts with columns target_handle, in the registry, and label, to learn from as well; "
    "also what 'audit labels' writes. May be given several times: where labellers disagree, the majority counts.",
)
@pairs_kind_option
@click.option(
    "--pairs-weight",
    type=click.FloatRange(1.0, MOST_WEIGHT),
    default=GIVEN_WEIGHT,
    show_default=True,
    help="How many simulated cases each of your own counts as.",
)
@click.option("--platform", help="Platform of labelled accounts that name none, for example 'x'.")
@click.option(
    "--promote/--no-promote",
    default=True,
    show_default=True,
    help="Make the new model the one that serves, if the gate finds nothing against it; exit status 1 if it does.",
)
@click.option(
    "--mlflow",
    "experiment",
    metavar="EXPERIMENT",
    help="Log the model to this experiment of the MLflow server that MLFLOW_TRACKING_URI names, as well.",
)
@home_option
def train_command(
    registry_file: Path | None,
    seed: int,
    accounts_files: tuple[Path, ...],
    label: str | None,
    pairs_files: tuple[Path, ...],
    pairs_kind: str | None,
    pairs_weight: float,
    platform: str | None,
    promote: bool,
    experiment: str | None,
    home: Path,
) -> None:
    """Train a model over simulated attacks on the registry, by default on an invented population."""
    if experiment is not None:
        mlflow.require()
    bench = Workbench(home)
    fitted = bench.fit(
        registry_file,
        account=accounts_files or None,
        label=label,
        pairs=pairs_files or None,
        kind=pairs_kind,
        platform=platform,
        weight=pairs_weight,
        seed=seed,
        progress=sys.stderr.isatty(),
    )
    trained = bench.keep(fitted, promote=promote, progress=sys.stderr.isatty())
    _tell(trained)
    if experiment is not None:
        _log(bench.store, trained.model_id, experiment)
    if promote:
        tell_examination(trained.examination)
    if trained.findings:
        raise refused(trained.model_id, trained.findings)


def _log(store: ModelStore, model_id: str, experiment: str) -> None:
    """Log a stored model; a server that does not take it costs a warning and the exit status, not the model."""
    try:
        click.echo(f"  MLflow run {mlflow.log_training(store, model_id, experiment)}")
    except TrackingError as error:
        raise TrackingError(f"model {model_id} is stored, but not logged: {error}") from error


def _tell(trained: Trained) -> None:
    """Print what was trained, and on which labels."""
    training = trained.training
    click.echo(f"model {trained.model_id}{' (now serving)' if trained.is_serving else ''}")
    for tier in ("standard", "high"):
        line = _certificate_line(training.model.certificates.get(tier))
        click.echo(f"  tier {tier:9} {line or _NO_TIER}")
    certificate = None if training.model.account is None else training.model.account.certificate
    click.echo(f"  account alone  {_certificate_line(certificate) or _NO_FLAG}")
    if certificate is not None:  # whom it does not speak of is flagged far more often
        click.echo(f"  {'':13}  among {certificate.population}")
    for line in trained.read:
        click.echo(f"  labels         {line}")


_NO_TIER = "no certificate: nothing of this tier will be cleared; train on more protected accounts"


_NO_FLAG = (
    f"no certificate: nobody will be flagged; give {smallest_sample(account_model.ALPHA, account_model.DELTA):,} "
    f"or more genuine accounts that at least {account_model.AUDIENCE} people follow"
)


def _certificate_line(certificate: Certificate | None) -> str | None:
    if certificate is None:
        return None
    return (
        f"threshold {certificate.threshold:.4f}: at most {share_percent(certificate.alpha)} of genuine accounts above "
        f"it, with {share_percent(1 - certificate.delta)} confidence "
        f"(n = {certificate.n:,}, above: {certificate.errors})"
    )
