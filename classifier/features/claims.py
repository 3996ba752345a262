"""What the profile says of itself: whose name and role it claims, what it copies, declares and asks for.

An account "bears" a name, or uses it, where the display name has nearly all of the protected account's name, alias or
role, by the bits of its words. The same words mean one thing beside that name and another without it.
"""

from __future__ import annotations

from classifier.features.encoded_account import (
    BIO_IS_PARODY,
    BIO_TOTAL,
    BIO_WORDS,
    CALLED,
    CANONICAL_BIO,
    HANDLE,
    HANDLE_IS_PARODY,
    HAS_BIO,
    HAS_DOMAINS,
    HAS_NAME,
    LEADS_AWAY,
    LURES,
    MENTIONS,
    NAME_ASKS,
    NAME_IS_PARODY,
    ROLE_ENDS,
    ROLE_PHRASES,
    SPEAKS,
    TELLING,
    TOLD,
    TOLD_BITS,
    TRIPLES,
    EncodedAccount,
    fact,
    is_set,
    real,
    real_section,
    section,
)  # fmt: skip
from classifier.features.feature import MISSING, feature, flag
from classifier.features.pair_context import Pair
from classifier.features.words_and_texts import has, ratio, says, shared
from classifier.utils.jit import helper

# Bits of a protected name or handle that stand in somebody's by chance: a short word.
_BY_CHANCE = 12.0


@feature("display_name", "roles", kind="name", monotone=1)
def role_in_name(pair: Pair) -> float:
    """How much of the protected account's role the name claims."""
    if not is_set(pair.reported, HAS_NAME) or section(pair.protected, ROLE_ENDS).size == 0:
        return MISSING
    return pair.common.role_by_name


@feature("display_name", "bio", "roles", kind="bio", monotone=1)
def role_in_profile(pair: Pair) -> float:
    """How much of the protected account's role the name and bio claim together."""
    if not is_set(pair.reported, HAS_NAME | HAS_BIO) or section(pair.protected, ROLE_ENDS).size == 0:
        return MISSING
    return pair.common.role_by_both


@feature("bio", "display_name", "aliases", kind="bio")
def name_in_bio(pair: Pair) -> float:
    """The bio, and not the name, spells out the protected account's name or alias, and not to say who it is not."""
    if not is_set(pair.reported, HAS_BIO) or section(pair.protected, CALLED).size == 0:
        return MISSING
    return flag(_names_it(pair) and not pair.common.bears and _declared(pair) == 0.0)


@feature("display_name", "bio", kind="lures", monotone=1)
def bears_and_lures(pair: Pair) -> float:
    """How many ways it asks people to message, pay or join elsewhere under the protected name or role."""
    if not is_set(pair.reported, HAS_NAME | HAS_BIO):
        return MISSING
    return float(min(2, fact(pair.reported, LURES))) if pair.common.bears else 0.0


@feature("display_name", "links", kind="lures", monotone=1)
def bears_and_links_away(pair: Pair) -> float:
    """It uses the protected name or role and links to a messenger or a hidden address."""
    if not is_set(pair.reported, HAS_DOMAINS):
        return MISSING
    return flag(pair.common.bears and is_set(pair.reported, LEADS_AWAY))


@feature("display_name", "bio", kind="bio", monotone=1)
def bears_and_speaks(pair: Pair) -> float:
    """It uses the protected name or mentions the handle, and claims to be that account or to speak for it."""
    if not is_set(pair.reported, HAS_NAME | HAS_BIO):
        return MISSING
    return flag(is_set(pair.reported, SPEAKS) and (pair.common.bears or _mentions_it(pair)))


@feature("display_name", "bio", kind="bio", monotone=1)
def bears_and_copies(pair: Pair) -> float:
    """How much of what the protected bio says it repeats under the protected name."""
    if not is_set(pair.reported, HAS_BIO) or section(pair.protected, TOLD).size == 0:
        return MISSING
    return _bio_kept(pair) if pair.common.bears else 0.0


@feature("display_name", "bio", kind="bio")
def bears_and_declares(pair: Pair) -> float:
    """It names or mentions the protected account and says that it is a parody, fan or commentary account."""
    if not is_set(pair.reported, HAS_NAME | HAS_BIO):
        return MISSING
    declared = _declared(pair)
    if declared == 0.0 or pair.common.bears or _mentions_it(pair) or _names_it(pair) or _stands_there(pair):
        return declared
    return declared if says(section(pair.reported, TELLING), section(pair.protected, ROLE_PHRASES)) else 0.0


@feature("bio", kind="bio")
def bio_similarity(pair: Pair) -> float:
    """How similar the bios are."""
    if not is_set(pair.reported, HAS_BIO) or not is_set(pair.protected, HAS_BIO):
        return MISSING
    words = section(pair.reported, BIO_WORDS)
    if words.size > 0 and not pair.common.shares_bio_words:
        return 0.0
    return ratio(words, section(pair.protected, BIO_WORDS)) / 100.0


@feature("bio", kind="bio")
def bio_copied(pair: Pair) -> float:
    """How much of the protected bio is repeated word for word."""
    if section(pair.reported, BIO_WORDS).size == 0 or section(pair.protected, BIO_WORDS).size < 3:
        return MISSING
    if not pair.common.shares_bio_words:
        return 0.0
    triples = section(pair.protected, TRIPLES)
    return shared(section(pair.reported, TRIPLES), triples) / triples.size


@feature("bio", kind="bio", monotone=1)
def bio_kept(pair: Pair) -> float:
    """How much of what the protected bio says the reported bio says too; rare words count more."""
    if not is_set(pair.reported, HAS_BIO) or section(pair.protected, TOLD).size == 0:
        return MISSING
    return _bio_kept(pair)


@feature("bio", "handle", kind="bio")
def mentions_target(pair: Pair) -> float:
    """The bio mentions the protected handle."""
    return flag(_mentions_it(pair)) if is_set(pair.reported, HAS_BIO) else MISSING


@feature("display_name", "bio", kind="bio", monotone=-1)
def parody_declared(pair: Pair) -> float:
    """The handle, name or bio says that it is a parody, fan or commentary account."""
    return _declared(pair) if is_set(pair.reported, HAS_NAME | HAS_BIO | HANDLE_IS_PARODY) else MISSING


@feature("display_name", kind="lures", monotone=1)
def name_asks(pair: Pair) -> float:
    """In place of a name it asks to be messaged or followed."""
    return flag(is_set(pair.reported, NAME_ASKS)) if is_set(pair.reported, HAS_NAME) else MISSING


@feature("display_name", "bio", kind="lures")
def lure(pair: Pair) -> float:
    """How many ways the profile asks people to message, pay or join elsewhere."""
    return float(min(3, fact(pair.reported, LURES))) if is_set(pair.reported, HAS_NAME | HAS_BIO) else MISSING


@helper
def _names_it(pair: Pair) -> bool:
    return says(section(pair.reported, TELLING), section(pair.protected, CALLED))


@helper
def _mentions_it(pair: Pair) -> bool:
    return has(section(pair.reported, MENTIONS), fact(pair.protected, HANDLE))


@helper
def _declared(pair: Pair) -> float:
    if is_set(pair.reported, NAME_IS_PARODY) and not is_set(pair.protected, NAME_IS_PARODY):
        return 1.0
    return 0.7 if _beside_name(pair.reported) and not _beside_name(pair.protected) else 0.0


@helper
def _beside_name(account: EncodedAccount) -> bool:
    return is_set(account, BIO_IS_PARODY | HANDLE_IS_PARODY)


@helper
def _stands_there(pair: Pair) -> bool:
    """Tell whether something of the protected account stands in handle or name, beyond what chance puts there."""
    handle, name = pair.common.in_handle, pair.common.in_name
    return max(handle.bits, handle.organisation, name.bits, name.organisation) >= _BY_CHANCE


@helper
def _bio_kept(pair: Pair) -> float:
    words, told, bits = (
        section(pair.reported, CANONICAL_BIO), section(pair.protected, TOLD), real_section(pair.protected, TOLD_BITS),
    )  # fmt: skip
    kept, is_any = 0.0, False
    for place in range(told.size):
        if has(words, told[place]):
            kept, is_any = kept + bits[place], True
    return kept / real(pair.protected, BIO_TOTAL) if is_any else 0.0
