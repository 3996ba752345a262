"""``doublecheck monitor``: whether the certificate of the model that serves still holds."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from classifier.accounts.account import TIERS
from classifier.certification.monitoring import Health
from classifier.cli.options import home_option
from classifier.errors import InputError
from classifier.model_store import ModelStore
from classifier.utils.atomic_files import atomic_path
from classifier.utils.percent import percent, share_percent
from service.cli.options import database_option, opened, time_of
from service.monitoring.watcher import Watcher
from service.utils.clock import utc_now

# Quantities that are shown, those that moved most first.
_SHOWN = 5


@click.command()
@click.option("--since", metavar="TIME", help="Compare the population of decisions from then on, RFC 3339.  [30 days]")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures there.")
@click.option("--watch", "seconds", type=click.FloatRange(min=0.1), help="Look again every so many seconds.")
@click.option("--withdraw", "tier", type=click.Choice(TIERS), help="Withdraw the certificate of a tier for good.")
@click.option("--by", metavar="NAME", help="Who withdraws it.")
@click.option("--because", metavar="TEXT", help="Why; everybody who asks for a check reads it.")
@database_option
@home_option
def monitor(
    since: str | None,
    json_file: Path | None,
    seconds: float | None,
    tier: str | None,
    by: str | None,
    because: str | None,
    database_url: str | None,
    home: Path,
) -> None:
    """Say whether the serving model's certificate still holds: exit status 1 if not, and then it is withdrawn."""
    begin = time_of(since, field="since") if since else None
    if bool(tier) != bool(by and by.strip() and because and because.strip()):
        raise InputError("--withdraw TIER needs --by NAME and --because TEXT, and they need it")
    with opened(home, database_url) as office:
        office.refuse_demonstration("what was tried out says nothing about a model; import your registry first")
        models = ModelStore(home)
        watcher = Watcher(office.engine, office.signer, models, utc_now)
        if tier:
            watcher.withdraw(models.current_id(), tier, by=str(by), text=str(because))
        while True:
            health = watcher.run(models.current_id(), since=begin)
            click.echo(health.sentence)
            if json_file:
                with atomic_path(json_file) as temporary:
                    temporary.write_text(json.dumps(asdict(health), indent=2) + "\n", encoding="utf-8")
            if health.state == "withdrawn" or seconds is None:
                break
            time.sleep(seconds)
    for line in _details(health):
        click.echo(f"  {line}")
    if health.state == "withdrawn":
        raise SystemExit(1)


def _details(health: Health) -> Iterator[str]:
    yield from (f"{tier.tier}: {tier.sentence}" for tier in health.tiers)
    yield from health.warnings
    for drift in sorted(health.drifts, key=lambda drift: -drift.index)[:_SHOWN]:
        chance = f"by chance up to {drift.by_chance:.3f}"
        yield f"{drift.name}: stability index {drift.index:.3f} over {drift.n:,} ({chance})"
    if health.outside.of:
        yield f"beyond what was certified: {health.outside.outside:,} of {health.outside.of:,} decisions"
    found = health.reliability
    for part in found.bins:
        yield f"outcomes: said {percent(part.said)}, was so {share_percent(part.happened)} of {part.count:,}"
