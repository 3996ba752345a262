"""The genuine accounts that are easily taken for impersonators, and those that are not: as many kinds as attacks.

A kind is one short function of a random generator and a protected account, with the label of what it makes. Each says
in its first line whom it stands for. Fewer kinds of ordinary people than there are ordinary people: what is drawn
often enough is not drawn here again, but what a moderator would mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import fans, namesakes, owners, strangers, talkers

Genuine = Callable[[np.random.Generator, ProtectedAccount], Account | None]
Label = Literal["same_owner", "parody_or_fan", "unrelated"]

_KINDS: dict[Label, tuple[Genuine, ...]] = {
    "same_owner": (
        owners.secondary, owners.starting_over, owners.backup, owners.private, owners.family, owners.support_desk,
        owners.own_channel, owners.second_language, owners.renamed, owners.sibling,
    ),
    "parody_or_fan": (fans.fan, fans.archive, fans.memorial, fans.parody, fans.comic, fans.commentary),
    "unrelated": (
        namesakes.namesake, namesakes.written_namesake, namesakes.one_letter_apart, namesakes.half_namesake,
        namesakes.middle_name, namesakes.trading_namesake, namesakes.namesake_in_office, namesakes.role_word_name,
        namesakes.generic_word, talkers.mention, talkers.journalist, talkers.investor, talkers.colleague,
        talkers.supporter, talkers.admirer, strangers.coincidence, strangers.neighbour, strangers.other_body,
        strangers.replier, strangers.known_stranger, strangers.ordinary,
    ),
}  # fmt: skip
GENUINE: dict[str, tuple[Genuine, Label]] = {
    kind.__name__: (kind, label) for label, kinds in _KINDS.items() for kind in kinds
}
# What is most easily mistaken comes more often: strangers near by chance, whom half of the accounts do not have.
TIMES_GENUINE: dict[str, int] = {
    "neighbour": 8, "coincidence": 3, "secondary": 5, "starting_over": 2, "support_desk": 2, "namesake": 2,
    "written_namesake": 2, "parody": 2, "comic": 2,
}  # fmt: skip
