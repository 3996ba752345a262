"""The command line: argument parsing, progress and printing only. ``service.cli`` adds ``serve`` to this group."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from classifier import __version__, authenticity, evaluation, samples
from classifier.accounts import as_reported
from classifier.authenticity import AccountModel
from classifier.batch import Summary, score_file, writer_of
from classifier.bounds import Bound, parse_bound
from classifier.datasets import read_labelled_accounts, read_labelled_cases
from classifier.errors import DoublecheckError, InputError, NoModelError
from classifier.evaluation import EVALUATION_SEED, assess_labelled, measured, read_labelled, simulated_cases
from classifier.home import DEFAULT_HOME, load_index, load_registry, refuse_rejected, registry_store
from classifier.importers import FORMATS, Imported, ImportReport, read_accounts
from classifier.invention import invent_registry
from classifier.models import ModelStore
from classifier.policy import Policy
from classifier.registry import Registry
from classifier.report import checked_output, lines, write_report
from classifier.report.mistakes import worst_mistakes
from classifier.scoring import Scorer
from classifier.thresholds import Certificate, smallest_sample
from classifier.training import DEFAULT_SEED, train


class Group(click.Group):
    """Shows this project's errors as one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; its DoublecheckError, or the system's about a file, becomes exit status 1 and a message."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # nobody reads on: click ends quietly
            raise
        except (DoublecheckError, OSError) as error:
            raise click.ClickException(str(error)) from error


home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="DOUBLECHECK_HOME",
    default=DEFAULT_HOME,
    show_default=True,
    callback=lambda _ctx, _param, path: path.expanduser(),
    help="Where models, keys and the registry are kept.",
)
registry_option = click.option(
    "--registry",
    "registry_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="DOUBLECHECK_REGISTRY",
    help="Protected accounts as CSV, JSONL or Parquet; by default the imported ones.",
)
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="doublecheck")
def main() -> None:
    """Doublecheck: the second pair of eyes before an account is suspended as a fake."""
    # As Ctrl-C does: unwind, so that nothing half-written stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@main.command()
@click.argument("input_file", metavar="INPUT", type=file_argument)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV, JSONL or Parquet by its ending.",
)
@registry_option
@click.option(
    "--format",
    "source_format",
    type=click.Choice(FORMATS),
    help="Format of INPUT; told from its columns when not given.",
)
@click.option("--platform", help="Platform of rows that name none, for example 'x'.")
@click.option("--engine", type=click.Choice(["local"]), default="local", expose_value=False, help="Where to run.")
@home_option
def score(
    input_file: Path,
    output: Path,
    registry_file: Path | None,
    source_format: str | None,
    platform: str | None,
    home: Path,
) -> None:
    """Score the reported accounts of INPUT, one output row for each input row."""
    now = _now()
    # What cannot be read or written is refused now: a first model takes a minute or two to train.
    rows = read_accounts(input_file, format=source_format, now=now, default_platform=platform)
    writer_of(output)
    _keep(output, home, input_file, registry_file)
    index = load_index(home, registry_file, now=now)
    stored = ModelStore(home).current_or_train(progress=True)
    scorer = Scorer(stored.model, stored.model_id, index)
    imports = ImportReport()
    summary = Summary()
    with tqdm(desc="scoring", unit="row", disable=None) as bar:
        for summary in score_file(_counted(rows, imports), output, scorer, policy=Policy(), now=now):
            bar.update(summary.rows - bar.n)
    _print_summary(summary, imports, output)


def _keep(output: Path, home: Path, *inputs: Path | None) -> None:
    """Refuse to write over what is read, or into the directory of the imported registry."""
    if output.resolve().parent == registry_store(home).directory.resolve():
        raise click.ClickException(
            f"{output.name} would be among the imported registry's own files: name another place"
        )
    if output.resolve() in {path.resolve() for path in inputs if path is not None}:
        raise click.ClickException(f"{output.name} is read by this command: name another file for its output")


def _counted(rows: Iterable[Imported], report: ImportReport) -> Iterator[Imported]:
    for one in rows:
        report.add(one)
        yield one


def _print_summary(summary: Summary, imports: ImportReport, output: Path) -> None:
    for line in imports.lines():
        click.echo(line)
    for title, counts in (("relation", summary.relations), ("verdict", summary.verdicts)):
        for name, count in counts.most_common():
            click.echo(f"  {title:9} {count:>9,}  {name}")
    click.echo(f"{summary.rows:,} rows -> {output}")


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
    now = _now()
    # The quick part first: labels that cannot be used are refused before a minute or two of training.
    account = _learned(accounts_file, now, platform) if accounts_file else None
    # Pairs need the registry that their targets are in: the imported one where none is named.
    registry = load_registry(home, registry_file, now=now) if registry_file or pairs_file else None
    given = read_labelled_cases(pairs_file, registry, now=now, platform=platform) if pairs_file and registry else ()
    training = train(registry, account=account, given=given, seed=seed, progress=True)
    store = ModelStore(home)
    model_id = store.add(training)
    if promote:
        store.promote(model_id)
    click.echo(f"model {model_id}{' (now serving)' if promote else ''}")
    for tier in ("standard", "high"):
        line = _certificate_line(training.model.certificates.get(tier))
        click.echo(f"  tier {tier:9} {line or _NO_TIER}")
    certificate = None if training.model.account is None else training.model.account.certificate
    click.echo(f"  account alone  {_certificate_line(certificate) or _NO_FLAG}")
    if certificate is not None:  # whom it does not speak of is flagged far more often
        click.echo(f"  {'':13}  among {certificate.population}")


def _learned(path: Path, now: datetime, platform: str | None) -> AccountModel:
    found = read_labelled_accounts(path, now=now, platform=platform)
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


@main.command()
@registry_option
@click.option(
    "--pairs",
    type=file_argument,
    help="Labelled accounts with columns target_handle and label, instead of simulated ones.",
)
@click.option("--platform", help="Platform of labelled rows that name none, for example 'x'.")
@click.option("--seed", type=int, default=EVALUATION_SEED, show_default=True, help="Seed of the simulated cases.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=lambda _ctx, _param, paths: _usable(checked_output, paths),
    help="Write a report for people (.html) or the figures (.json), by the ending. May be given several times.",
)
@click.option(
    "--require",
    "bounds",
    multiple=True,
    metavar="BOUND",
    callback=lambda _ctx, _param, texts: _usable(parse_bound, texts),
    help="'NAME>=VALUE' or 'NAME<=VALUE', in quotes, for a figure that is printed or in the JSON, such as "
    "'impersonation_with_right_target>=0.8'. Exit status 1 when one is not met. May be given several times.",
)
@click.option(
    "--accounts/--no-accounts", default=True, show_default=True, help="Show the worst mistakes in an HTML report."
)
@home_option
def evaluate(
    registry_file: Path | None,
    pairs: Path | None,
    platform: str | None,
    seed: int,
    outputs: tuple[Path, ...],
    bounds: list[Bound],
    accounts: bool,
    home: Path,
) -> None:
    """Measure the serving model on accounts it has never seen, from report to verdict."""
    now = _now()
    for output in outputs:
        _keep(output, home, pairs, registry_file)
    if pairs:
        registry = load_registry(home, registry_file, now=now)
        labelled, source = read_labelled(pairs, now=now, platform=platform), f"labelled accounts of {pairs.name}"
    else:
        registry = (
            load_registry(home, registry_file, now=now)
            if registry_file
            else invent_registry(evaluation.IDENTITIES, seed)
        )
        labelled, source = simulated_cases(registry, seed=seed), f"simulated around protected accounts, seed {seed}"
    stored = ModelStore(home).current_or_train(progress=True)
    scorer = Scorer(stored.model, stored.model_id, registry)
    results = assess_labelled(scorer, labelled, progress=True)
    found = measured(scorer, results, source=source, now=now, bounds=bounds)
    for line in lines(found):
        click.echo(line)
    mistakes = worst_mistakes(scorer, labelled, results) if accounts else None
    for output in outputs:
        write_report(output, found, results, mistakes)
    missed = sum(not bound["met"] for bound in found["bounds"])
    if missed:
        raise click.ClickException(f"{missed} of {len(bounds)} bounds not met")


def _usable(read: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """Return what is read of an option's values; one that cannot be used is a usage error."""
    try:
        return [read(value) for value in values]
    except InputError as error:
        raise click.BadParameter(str(error)) from error


@main.group(name="registry", cls=Group)
def registry_group() -> None:
    """The protected accounts."""


@registry_group.command(name="import")
@click.argument("file", type=file_argument)
@click.option("--skip-rejected", is_flag=True, help="Import the rest although these accounts are then unprotected.")
@click.option("--allow-removals", is_flag=True, help="Import although accounts of the registry before are not in FILE.")
@home_option
def registry_import(file: Path, skip_rejected: bool, allow_removals: bool, home: Path) -> None:
    """Import FILE as the registry, replacing the one before; a running service follows within a second."""
    registry, found = Registry.load(file, now=_now())
    for line in found.lines():
        click.echo(line)
    if found.rejected and not skip_rejected:
        raise click.ClickException(
            "nothing was imported: correct the rejected rows, or leave them unprotected with --skip-rejected"
        )
    removed = _removed(registry, home)
    if removed and not allow_removals:
        raise click.ClickException(
            f"nothing was imported: {removed:,} accounts of the registry before are not in this file and would be "
            "unprotected; add them, or remove them with --allow-removals"
        )
    with tqdm(total=len(registry), desc="indexing", unit="account", disable=None) as bar:
        registry_store(home).replace(registry, watch=bar.update)
    click.echo(f"{len(registry):,} protected accounts, registry version {registry.version[:12]}")


def _removed(registry: Registry, home: Path) -> int:
    """Count the accounts of the imported registry that another one does not protect any more."""
    store = registry_store(home)
    if not store.exists():
        return 0
    return sum(registry.identify(as_reported(account)) is None for account in store.open().index.registry)


@registry_group.command(name="put")
@click.argument("file", type=file_argument)
@home_option
def registry_put(file: Path, home: Path) -> None:
    """Add the accounts of FILE to the registry, each in the place of the one with its id or handle."""
    accounts, found = Registry.load(file, now=_now())
    refuse_rejected(found)
    registry = registry_store(home).change(accounts).index.registry
    click.echo(f"{len(accounts):,} put; {len(registry):,} protected accounts, registry version {registry.version[:12]}")


@registry_group.command(name="withdraw")
@click.argument("handles", metavar="HANDLE...", nargs=-1, required=True)
@click.option("--platform", required=True, help="Platform of the accounts, for example 'x'.")
@home_option
def registry_withdraw(handles: tuple[str, ...], platform: str, home: Path) -> None:
    """Protect the accounts HANDLE... no longer."""
    registry = registry_store(home).change(withdraw=[(platform, handle) for handle in handles]).index.registry
    click.echo(f"{len(handles):,} withdrawn; {len(registry):,} protected accounts, version {registry.version[:12]}")


@registry_group.command(name="list")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Accounts shown.")
@registry_option
@home_option
def registry_list(limit: int, registry_file: Path | None, home: Path) -> None:
    """Show the protected accounts."""
    registry = load_registry(home, registry_file, now=_now())
    click.echo(f"{len(registry):,} protected accounts, registry version {registry.version[:12]}")
    for account in registry.accounts[:limit]:
        audience = "" if account.followers is None else f"{account.followers:,} followers"
        click.echo(
            f"  {account.platform:9} @{account.handle:20} {account.tier:9} {audience:>22}  {account.display_name or ''}"
        )
    if len(registry) > limit:
        click.echo(f"  ... and {len(registry) - limit:,} more; show them with --limit")


@registry_group.command(name="export")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV, JSONL or Parquet by its ending.",
)
@registry_option
@home_option
def registry_export(output: Path, registry_file: Path | None, home: Path) -> None:
    """Write the protected accounts to a file."""
    registry = load_registry(home, registry_file, now=_now())
    _keep(output, home)
    registry.save(output)
    click.echo(f"{len(registry):,} protected accounts -> {output}")


@main.group(name="models", cls=Group)
def models_group() -> None:
    """The trained models."""


@models_group.command(name="list")
@home_option
def models_list(home: Path) -> None:
    """List the stored models; the one that serves is marked."""
    store = ModelStore(home)
    ids = store.ids()
    try:
        current = store.current_id()
    except NoModelError:
        current = None
    for model_id in ids:
        click.echo(f"{model_id}{'  serving' if model_id == current else ''}")
    if not ids:
        click.echo("no model yet; run 'doublecheck train'")


@models_group.command(name="show")
@click.argument("model_id", required=False)
@home_option
def models_show(model_id: str | None, home: Path) -> None:
    """Print the manifest of MODEL_ID, by default of the serving model."""
    store = ModelStore(home)
    click.echo(json.dumps(store.verify(model_id or store.current_id()), indent=2))


@models_group.command(name="verify")
@click.argument("model_id", required=False)
@home_option
def models_verify(model_id: str | None, home: Path) -> None:
    """Check signature and digest of MODEL_ID, by default of the serving model, without loading it."""
    store = ModelStore(home)
    wanted = model_id or store.current_id()
    store.verify(wanted)
    click.echo(f"model {wanted}: signature and digest are right")


@models_group.command(name="promote")
@click.argument("model_id")
@home_option
def models_promote(model_id: str, home: Path) -> None:
    """Make MODEL_ID the model that serves, after checking it; a running service takes it when it is started again."""
    ModelStore(home).promote(model_id)
    click.echo(f"model {model_id} is now serving")


@main.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="data",
    show_default=True,
    help="Directory to write to.",
)
def sample(output: Path) -> None:
    """Write the invented sample files: a registry, and reported accounts in every format."""
    for path in samples.write(output):
        click.echo(path)


def _now() -> datetime:
    return datetime.now(UTC)
