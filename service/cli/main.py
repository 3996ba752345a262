"""The commands that need the service, in the classifier's group; each is loaded when somebody asks for it."""

from __future__ import annotations

from classifier.cli.main import Lazy, main

main.lazy.update(
    audit=Lazy("service.cli.audit:audit_group", "The log and the decisions it vouches for."),
    db=Lazy("service.cli.db:db_group", "The database's tables: which version they have, and bringing them up to date."),
    gate=Lazy("service.cli.gate:gate_group", "Stand in front of a platform's suspend button."),
    instances=Lazy(
        "service.cli.instances:instances_group",
        "Homes on one database: while they differ in registry or model, nothing is cleared.",
    ),
    keys=Lazy("service.cli.keys:keys_group", "API keys of actors, and the key that signs clearances."),
    models=Lazy("service.cli.models:models_group", "The trained models, and which of them serves."),
    monitor=Lazy(
        "service.cli.monitor:monitor",
        "Say whether the serving model's certificate still holds: exit status 1 if not, and then it is withdrawn.",
    ),
    records=Lazy("service.cli.records:records_group", "What was recorded of accounts."),
    registry=Lazy("service.cli.registry:registry_group", "The protected accounts."),
    serve=Lazy("service.cli.serve:serve", "Serve the page and the HTTP interface."),
    statements=Lazy(
        "service.cli.statements:statements_group", "Statements of reasons, for the EU's DSA transparency database."
    ),
)

__all__ = ["main"]
