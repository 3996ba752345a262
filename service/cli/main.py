"""The commands that need the service, in the classifier's group; each is loaded when somebody asks for it."""

from __future__ import annotations

from classifier.cli.main import Lazy, main

main.lazy.update(
    audit=Lazy("service.cli.audit:audit_group", "The log and the decisions it vouches for."),
    keys=Lazy("service.cli.keys:keys_group", "API keys of actors, and the key that signs clearances."),
    models=Lazy("service.cli.models:models_group", "The trained models, and which of them serves."),
    monitor=Lazy(
        "service.cli.monitor:monitor",
        "Say whether the serving model's certificate still holds: exit status 1 if not, and then it is withdrawn.",
    ),
    registry=Lazy("service.cli.registry:registry_group", "The protected accounts."),
    serve=Lazy("service.cli.serve:serve", "Serve the page and the HTTP interface."),
)

__all__ = ["main"]
