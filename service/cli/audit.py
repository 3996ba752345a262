"""``doublecheck audit``: prove what was decided, by whom, on which evidence, with which model."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path

import click
from sqlalchemy import func, select
from tqdm import tqdm

from classifier.cli.main import Group
from classifier.cli.options import home_option
from classifier.errors import InputError
from classifier.model_store import ModelStore
from classifier.utils.atomic_files import atomic_path
from service.cli.options import database_option, opened, time_of
from service.decisions import second_look_report
from service.decisions.outcomes import write_labels
from service.decisions.recorded import find_decision, reader
from service.decisions.replay import export, replay
from service.decisions.second_look_text import as_text
from service.decisions.transparency_report import as_csv, lines
from service.records.kept_checkpoints import Checkpoint, latest_checkpoint
from service.records.parallel_verification import verify_snapshot
from service.records.signing_keys import kept_retirements
from service.records.tables import WAS_ASKED, decisions, head
from service.signing import public_pem


@click.group(name="audit", cls=Group)
def audit_group() -> None:
    """The log and the decisions it vouches for."""


@audit_group.command(name="verify")
@click.option(
    "--checkpoint",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What 'audit checkpoint' printed before: proves that the log was not cut off or written anew since.",
)
@click.option("--since", is_flag=True, help="Only what came after that checkpoint.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Share the work.")
@database_option
@home_option
def audit_verify(kept: Path | None, since: bool, processes: int, database_url: str | None, home: Path) -> None:
    """Check every entry, every record and every signature; exit status 1 names the first entry that is wrong."""
    if since and not kept:
        raise InputError("--since takes a checkpoint: --checkpoint FILE, which 'audit checkpoint' printed")
    checkpoint = _kept(kept) if kept else None
    after = checkpoint.seq if checkpoint and since else 0
    with opened(home, database_url) as office:
        with office.reading() as connection:
            total = connection.execute(select(head.c.seq)).scalar_one() - after
        with tqdm(total=total, desc="verifying", unit="entry", disable=None) as bar:
            found = verify_snapshot(
                office.engine,
                office.signer.known(),
                processes=processes,
                kept=checkpoint,
                since=checkpoint if since else None,
                also=kept_retirements(office.signer),
                watch=bar.update,
            )
    click.echo(
        f"{found.entries:,} entries, {found.decisions:,} decisions and {found.signatures:,} signatures are right"
    )
    if found.hash:
        click.echo(f"the log ends at entry {found.ends_at} with hash {found.hash}")


@audit_group.command(name="checkpoint")
@database_option
@home_option
def audit_checkpoint(database_url: str | None, home: Path) -> None:
    """Print where the log ends now, signed, as JSON. Keep it where whoever runs the database cannot change it."""
    with opened(home, database_url) as office, office.reading() as connection:
        click.echo(json.dumps(latest_checkpoint(connection)._asdict()))


@audit_group.command(name="report")
@click.option("--from", "begin", metavar="TIME", required=True, help="What happened from then on: a date, or RFC 3339.")
@click.option("--to", "end", metavar="TIME", required=True, help="And before then.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; otherwise it is printed."
)
@database_option
@home_option
def audit_report(begin: str, end: str, output: Path | None, database_url: str | None, home: Path) -> None:
    """Count checks, actions, statements and appeals of a period as CSV, for transparency reports under the DSA."""
    since, until = _period(begin, end)
    with opened(home, database_url) as office, office.reading() as connection:
        office.refuse_demonstration("what was tried out is nothing to report")
        text = as_csv(lines(reader(connection), since, until))
    if output is None:
        click.echo(text, nl=False)
        return
    with atomic_path(output) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
    click.echo(f"report -> {output}")


@audit_group.command(name="looks")
@click.option(
    "--from", "begin", metavar="TIME", required=True, help="What was drawn from then on: a date, or RFC 3339."
)
@click.option("--to", "end", metavar="TIME", required=True, help="And before then.")
@click.option("--json", "plain", is_flag=True, help="Print JSON, as GET /v1/second-looks/report gives it.")
@database_option
@home_option
def audit_looks(begin: str, end: str, plain: bool, database_url: str | None, home: Path) -> None:
    """Say what people found who judged a sample of checks again without knowing the answers."""
    since, until = _period(begin, end)
    with opened(home, database_url) as office, office.reading() as connection:
        found = second_look_report.report(reader(connection), since, until)
    click.echo(found.model_dump_json(indent=2) if plain else as_text(found), nl=plain)


def _period(begin: str, end: str) -> tuple[datetime, datetime]:
    """Return the times of two options, in their order."""
    since, until = _time(begin, "from"), _time(end, "to")
    if since >= until:
        raise InputError("must be later than --from", field="to")
    return since, until


def _time(text: str, field: str) -> datetime:
    """Return the time of an option; a date is its midnight in UTC."""
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    return time_of(text, field=field)


@audit_group.command(name="export")
@click.argument("check_id")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; otherwise it is printed."
)
@database_option
@home_option
def audit_export(check_id: str, output: Path | None, database_url: str | None, home: Path) -> None:
    """Give the decision CHECK_ID with everything to replay and to prove it, as JSON. It holds personal data."""
    with opened(home, database_url) as office, office.reading() as connection:
        keys = {name: public_pem(key) for name, key in office.signer.known().items()}
        found = export(connection, check_id, ModelStore(home), keys)
        text = json.dumps({"demonstration": office.is_demonstration()} | found, indent=2)
    if output is None:
        click.echo(text)
        return
    with atomic_path(output) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
    click.echo(f"check {check_id} -> {output}")


@audit_group.command(name="replay")
@click.argument("check_id", required=False)
@click.option("--all", "every", is_flag=True, help="Replay every decision.")
@database_option
@home_option
def audit_replay(check_id: str | None, every: bool, database_url: str | None, home: Path) -> None:
    """Run the model that decided CHECK_ID on its record; exit status 1 if it answers otherwise.

    All leaves out known cases, whose answers are those of checks that were asked before.
    """
    if bool(check_id) == every:
        raise InputError("give the number of one check, or --all")
    models, different, erased = ModelStore(home), 0, 0
    with opened(home, database_url) as office, office.reading() as connection:
        policy, platforms = office.settings.policy(), office.settings.rules().platform_rules
        asked = select(decisions.c.id).where(WAS_ASKED)
        wanted = [check_id] if check_id else connection.execute(asked.order_by(decisions.c.seq)).scalars()
        total = 1 if check_id else connection.execute(select(func.count()).select_from(asked.subquery())).scalar_one()
        for one in tqdm(wanted, total=total, desc="replaying", unit="check", disable=None if every else True):
            decision = find_decision(reader(connection), str(one))
            if decision.is_erased:
                erased += 1
                click.echo(f"{one}: erased by entry {decision.row.erased} of the log: it cannot be replayed")
                continue
            found = replay(decision, models, policy, platforms)
            different += bool(found.differences)
            if found.differences or not every:
                policy_note = (
                    "" if found.compared_policy else " (another policy or a quota: the verdict is not compared)"
                )
                says = f"differs in {', '.join(found.differences)}" if found.differences else "gives the same answer"
                click.echo(f"{one}: model {decision.answer['model_id']} {says}{policy_note}")
    if every:
        click.echo(f"{total - erased - different:,} of {total - erased:,} decisions are answered as they were")
        if erased:
            click.echo(f"{erased:,} more were erased")
    if different:
        raise SystemExit(1)


@audit_group.command(name="labels")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A CSV file.")
@click.option("--reviews", is_flag=True, help="Also what reviewers answered, a row each: approved, or unclear.")
@database_option
@home_option
def audit_labels(output: Path, reviews: bool, database_url: str | None, home: Path) -> None:
    """Write the checks that were appealed as labelled cases, for 'train --pairs' and 'evaluate --pairs'."""
    with opened(home, database_url) as office:
        office.refuse_demonstration("nothing is learnt from invented accounts that were judged for trying out")
        click.echo(f"{write_labels(office.engine, output, reviews=reviews):,} labelled cases -> {output}")


def _kept(path: Path) -> Checkpoint:
    try:
        return Checkpoint(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise InputError(f"{path.name} is not what 'doublecheck audit checkpoint' prints") from error
