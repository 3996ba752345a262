"""``doublecheck registry``: the protected accounts."""

from __future__ import annotations

from pathlib import Path

import click
from tqdm import tqdm

from classifier.accounts import as_reported
from classifier.cli.group import Group, file_argument, home_option, main, now, registry_option
from classifier.home import load_registry, refuse_rejected, refuse_writing, registry_store
from classifier.registry import Registry


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
    registry, found = Registry.load(file, now=now())
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
    bars = (tqdm(total=len(registry), desc=desc, unit="account", disable=None) for desc in ("packing", "indexing"))
    with next(bars) as packed, next(bars) as indexed:
        registry_store(home).replace(registry, watch=indexed.update, watch_stock=packed.update)
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
    accounts, found = Registry.load(file, now=now())
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
    registry = load_registry(home, registry_file, now=now())
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
    registry = load_registry(home, registry_file, now=now())
    refuse_writing(output, home)
    registry.save(output)
    click.echo(f"{len(registry):,} protected accounts -> {output}")
