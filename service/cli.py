"""The console script: the classifier's commands and ``serve``, which starts the service."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.candidates import CandidateIndex
from classifier.cli import main
from classifier.errors import DoublecheckError
from classifier.home import load_index, registry_store
from classifier.invention import sample_registry
from classifier.models import ModelStore
from classifier.scoring import Scorer
from service.api import utc_now
from service.server import serve as run
from service.serving import CurrentScorer, FollowedScorer
from service.settings import Settings, load_settings, unknown_variables


@main.command()
@click.option("--host", help="Address to listen on.  [DOUBLECHECK_HOST; default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [DOUBLECHECK_PORT; default: 8000]")
@click.option(
    "--registry", type=click.Path(path_type=Path), help="File of the protected accounts.  [DOUBLECHECK_REGISTRY]"
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Directory of the models.  [DOUBLECHECK_HOME; default: ~/.doublecheck]",
)
def serve(host: str | None, port: int | None, registry: Path | None, home: Path | None) -> None:
    """Serve the page and the HTTP interface. An option goes before its environment variable."""
    try:
        settings = load_settings(host=host, port=port, registry=registry, home=home)
        for name in unknown_variables():
            click.echo(f"Warning: {name} is no setting of doublecheck and is ignored.", err=True)
        if settings.demo():
            click.echo(
                "Warning: no registry is configured. The protected accounts are INVENTED, for trying out.", err=True
            )
        current = load_scorer(settings)
    except DoublecheckError as error:
        raise click.ClickException(str(error)) from error
    run(current, settings)


def load_scorer(settings: Settings) -> CurrentScorer:
    """Return the scorer of the current model over the configured registry, which is followed where it was imported.

    Raises
    ------
    DoublecheckError
        If the registry or the model cannot be used.
    """
    store = registry_store(settings.home)
    opened = None if settings.demo() or settings.registry else store.open()
    protected = opened.index if opened else _given(settings)
    stored = ModelStore(settings.home).current_or_train(progress=True)
    scorer = Scorer(stored.model, stored.model_id, protected)
    return FollowedScorer(scorer, store, opened) if opened else lambda: scorer


def _given(settings: Settings) -> CandidateIndex:
    if settings.demo():
        return CandidateIndex(sample_registry())
    return load_index(settings.home, settings.registry, now=utc_now())
