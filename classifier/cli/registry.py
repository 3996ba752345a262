"""``doublecheck registry``: the protected accounts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from classifier.cli.main import Group
from classifier.cli.options import file_argument, home_option, registry_option
from classifier.workbench import Workbench


@click.group(name="registry", cls=Group)
def registry_group() -> None:
    """The protected accounts."""


_platform_option = click.option("--platform", help="Platform of rows that name none, for example 'x'.")


@registry_group.command(name="import")
@click.argument("file", type=file_argument)
@_platform_option
@click.option("--skip-rejected", is_flag=True, help="Import the rest although these accounts are then unprotected.")
@click.option(
    "--allow-removals",
    "--yes",
    "allow_removals",
    is_flag=True,
    help="Import although accounts of the registry before are not in FILE; on a terminal you are asked otherwise.",
)
@click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where avatar_file's files are; by default beside FILE.",
)
@home_option
def registry_import(file: Path, home: Path, **options: Any) -> None:
    """Import FILE as the registry, replacing the one before; a running service follows, a demonstration ends.

    What is withdrawn, what would protect less than before, and what resembles a protected account is printed first. For
    some days checks against what is new or changed take two people; what the first import of a home holds is not new.
    """
    registry = Workbench(home).import_registry(
        file, **options, tell=click.echo, preview=True, confirm=_confirmed, progress=True
    )
    click.echo(f"{len(registry):,} protected accounts, registry version {registry.version[:12]}")


def _confirmed(removed: int) -> bool:
    """Ask on a terminal; what runs by itself must have said so before."""
    return sys.stdin.isatty() and click.confirm(
        f"{removed:,} accounts would be protected no longer. Import all the same?"
    )


@registry_group.command(name="put")
@click.argument("file", type=file_argument)
@_platform_option
@home_option
def registry_put(file: Path, platform: str | None, home: Path) -> None:
    """Add the accounts of FILE to the registry, each in the place of the one with its id or handle."""
    count, registry = Workbench(home).put(file, platform=platform)
    click.echo(f"{count:,} put; {len(registry):,} protected accounts, registry version {registry.version[:12]}")


@registry_group.command(name="withdraw")
@click.argument("handles", metavar="HANDLE...", nargs=-1, required=True)
@click.option("--platform", required=True, help="Platform of the accounts, for example 'x'.")
@home_option
def registry_withdraw(handles: tuple[str, ...], platform: str, home: Path) -> None:
    """Protect the accounts HANDLE... no longer."""
    registry = Workbench(home).withdraw(handles, platform=platform)
    click.echo(f"{len(handles):,} withdrawn; {len(registry):,} protected accounts, version {registry.version[:12]}")


@registry_group.command(name="list")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Accounts shown.")
@registry_option
@home_option
def registry_list(limit: int, registry_file: Path | None, home: Path) -> None:
    """Show the protected accounts."""
    registry = Workbench(home).registry(registry_file)
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
    registry = Workbench(home).export_registry(output, registry_file)
    click.echo(f"{len(registry):,} protected accounts -> {output}")
