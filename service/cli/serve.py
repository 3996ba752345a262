"""``doublecheck serve``."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.errors import DoublecheckError
from classifier.storage.protection import protect_home
from service.server.bootstrap import open_check_service, refuse_exposed
from service.server.port import at_handed_over
from service.server.run import serve as run
from service.server.run import serve_with_workers
from service.settings import load_settings, unknown_variables


@click.command()
@click.option("--host", help="Address to listen on.  [DOUBLECHECK_HOST; default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [DOUBLECHECK_PORT; default: 8000]")
@click.option(
    "--registry", type=click.Path(path_type=Path), help="File of the protected accounts.  [DOUBLECHECK_REGISTRY]"
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes.  [DOUBLECHECK_WORKERS; default: 1]")
@click.option(
    "--database",
    "database_url",
    metavar="URL",
    help="sqlite:///FILE or postgresql://...  [DOUBLECHECK_DATABASE_URL; default: doublecheck.db in home]",
)
@click.option(
    "--demonstration",
    is_flag=True,
    default=None,
    help="Serve invented accounts although others may reach it.  [DOUBLECHECK_DEMONSTRATION]",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Directory of models, keys, registry and database.  [DOUBLECHECK_HOME; default: ~/.doublecheck]",
)
def serve(
    host: str | None,
    port: int | None,
    registry: Path | None,
    workers: int | None,
    database_url: str | None,
    demonstration: bool | None,
    home: Path | None,
) -> None:
    """Serve the page and the HTTP interface. An option goes before its environment variable."""
    try:
        settings = load_settings(
            host=host, port=port, registry=registry, workers=workers, database_url=database_url,
            demonstration=demonstration, home=home,
        )  # fmt: skip
        settings = at_handed_over(settings)
        for name in unknown_variables():
            click.echo(f"Warning: {name} is no setting of doublecheck and is ignored.", err=True)
        refuse_exposed(settings)
        for note in protect_home(settings.home):
            click.echo(f"Warning: {note}.", err=True)
        settings = settings.settled()
        if settings.demo():
            click.echo(
                "Warning: no registry is configured. The protected accounts are INVENTED, for trying out.", err=True
            )
        check_service = open_check_service(
            settings
        )  # also where workers do it again: what cannot be used stops the start
    except DoublecheckError as error:
        raise click.ClickException(str(error)) from error
    if settings.workers == 1:
        run(check_service, settings)
    else:
        check_service.close()
        serve_with_workers(settings)
