"""The option of the commands that read labelled accounts."""

from __future__ import annotations

import click

from classifier.labels.votes import KINDS

pairs_kind_option = click.option(
    "--pairs-kind",
    type=click.Choice(KINDS),
    help="What the files of --pairs are, where their columns do not tell.",
)
