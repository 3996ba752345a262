"""Platforms: one name for each, however people write it.

Examples
--------
>>> canonical_platform("Twitter/X"), canonical_platform("X (formerly Twitter)"), canonical_platform("bsky.app")
('x', 'x', 'bluesky')
>>> canonical_platform("My-Forum"), canonical_platform("forum.example")
('my forum', 'forum.example')
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from classifier.accounts.canonical.hosts import canonical_host, visible
from classifier.accounts.canonical.ids import is_placeholder

# Of each platform its names in one word. Servers of the fediverse are one network, whatever they run: an account is the
# same "user@host" from each of them.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "x": ("x", "twitter", "xtwitter", "twitterx", "twtr", "tw", "tweet", "tweets", "xcom", "twittercom", "birdsite"),
    "bluesky": ("bluesky", "bsky", "atproto", "atprotocol", "blueskysocial"),
    "mastodon": (
        "mastodon", "fediverse", "activitypub", "pleroma", "akkoma", "misskey", "sharkey", "gotosocial", "firefish",
        "calckey", "iceshrimp", "pixelfed", "friendica", "hubzilla", "peertube", "lemmy", "mstdn", "masto", "fedi",
        "glitchsoc", "toot",
    ),
    "tiktok": ("tiktok",),
    "instagram": ("instagram", "insta", "ig"),
    "facebook": ("facebook", "fb"),
    "youtube": ("youtube", "yt"),
    "threads": ("threads",),
    "linkedin": ("linkedin",),
    "telegram": ("telegram", "tg"),
    "discord": ("discord", "discordapp"),
    "reddit": ("reddit",),
    "truthsocial": ("truthsocial", "truth"),
    "snapchat": ("snapchat",),
    "whatsapp": ("whatsapp",),
    "pinterest": ("pinterest",),
    "twitch": ("twitch",),
    "github": ("github",),
    "tumblr": ("tumblr",),
    "vk": ("vk", "vkontakte"),
    "weibo": ("weibo",),
    "steem": ("steem", "steemit"),
}  # fmt: skip
_NUMBER = re.compile(r"v?[0-9]+")  # of a version
# A name that is so like a known one is a slip of the pen, and nobody can tell of which.
_SLIP = 0.85
_SHORTEST_SLIP = 6
_NO_PLATFORM = frozenset({"other", "others", "social media", "social", "various", "multiple", "several", "any", "all"})
# As other scripts write them, and the Cyrillic letter that looks like X: names only, a host of such letters is another.
_IN_OTHER_SCRIPTS = {
    "х": "x", "твиттер": "x", "推特": "x", "تويتر": "x", "ツイッター": "x", "エックス": "x", "트위터": "x",
    "мастодон": "mastodon", "マストドン": "mastodon",
}  # fmt: skip
_NAMES = _IN_OTHER_SCRIPTS | {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings}
_LONG_NAMES = tuple(spelling for spelling in _NAMES if len(spelling) >= _SHORTEST_SLIP)
KNOWN_PLATFORMS = frozenset(SPELLINGS)
# Short hosts that do not say their platform's name.
_HOSTS = {
    "t.me": "telegram", "youtu.be": "youtube", "t.co": "x", "fb.me": "facebook", "fb.com": "facebook",
    "lnkd.in": "linkedin", "ig.me": "instagram", "wa.me": "whatsapp", "discord.gg": "discord", "redd.it": "reddit",
}  # fmt: skip
# What stands beside a name and changes nothing: "X (formerly known as Twitter)", "the www.twitter.com app".
_FILLERS = frozenset(
    "formerly known as now previously previous ex aka fka former the called com app apps net org social www mobile m "
    "http https platform network site website web online account accounts profile corp inc llc "
    "pbc user users username handle handles api international server instance glitch meta "
    "at protocol".split()
)
_WORD = re.compile(r"[^\W_]+")
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


@lru_cache(1_000)
def canonical_platform(text: str) -> str | None:
    """Return a platform's name; of one we do not know, its words in lower case, or its host.

    Returns
    -------
    str or None
        Empty where nothing can be seen; ``None`` where the text names several platforms, stands for none, or is
        misspelt.
    """
    written = visible(unicodedata.normalize("NFKC", text)).strip().casefold()
    bare = _SCHEME.sub("", written)
    host = canonical_host(re.split(r"[/?#]", bare)[0]) if "." in bare and " " not in bare else None
    if host and (host_name := _HOSTS.get(host.removeprefix("www."))):
        return host_name
    # Of a host only its own name counts: x.example is not X, mastodon.social is what its name says.
    words = _WORD.findall(bare if host is None else ".".join(_telling_labels(host)))
    found = _known(words)
    if found:
        return found if isinstance(found, str) else None
    if host:
        return host.removeprefix("www.")
    name = " ".join(words)
    return None if bare and (_names_none(bare) or _names_none(name) or _is_slip("".join(words))) else name


def _names_none(text: str) -> bool:
    return is_placeholder(text) or text in _NO_PLATFORM


def _is_slip(word: str) -> bool:
    return len(word) >= _SHORTEST_SLIP and bool(get_close_matches(word, _LONG_NAMES, n=1, cutoff=_SLIP))


def _telling_labels(host: str) -> list[str]:
    """Return a host's labels where it is one of a platform's usual ones, else none."""
    labels = host.removeprefix("www.").split(".")
    return labels if set(labels[:-2]) <= _FILLERS and labels[-1] in {"com", "app", "net", "org", "social"} else []


def _known(words: list[str]) -> str | set[str] | None:
    telling = [word for word in words if word not in _FILLERS and not _NUMBER.fullmatch(word)]
    for joined in ("".join(words), "".join(telling)):
        if joined in _NAMES:
            return _NAMES[joined]
    names = {_NAMES.get(word, "") for word in telling}
    if len(names) == 1:
        return next(iter(names)) or None
    # "X/Bluesky" is two; "Twitter fans" is a name of its own.
    return names if len(names) > 1 and "" not in names else None
