"""Words that declare, claim or lure, in the main languages; and hosts that say nothing or too much.

The lists are this project's own, written from public descriptions: X's parody, commentary and fan account policy
(https://help.x.com/en/rules-and-policies/authenticity), the FTC's notes on impersonation scams
(https://consumer.ftc.gov/scams/imposter-scams) and the words of campaign and office accounts.
"""

from __future__ import annotations

import re

# Words impersonators add to be believed.
CLAIM_WORDS = frozenset(
    (
        "official officiel oficial offiziell ufficiale resmi rasmi официальный real thereal verified original "
        "genuine true support help helpdesk service care hq team private backup vip giveaway promo airdrop "
        "recovery admin assistant management fanmail chat foundation"
    ).split()
)
# Words the owner's other genuine accounts add.
OFFICE_WORDS = frozenset(
    (
        "campaign campaña kampagne campagne senate congress house mayor governor gov parliament press presse "
        "prensa newsroom news office ministry jobs careers studio band books podcast show live tv radio shop "
        "store tickets community labs research events archive personal for 4"
    ).split()
)
_PARODY = re.compile(
    r"parod|^not |^nicht |\bfans?\b|fan[ -]?(page|account|club|base|konto|seite)|commentary|satir|spoof|\bfake\b|"
    r"not (the real|affiliated|actually)|unofficial|inoffiziell|no oficial|non officiel|не официальн|неофициальн|"
    r"пародия|фан[- ]?(клуб|аккаунт)|\bbot\b|tribute|hommage|homenaje|hayran|παρωδία|"
    r"パロディ|ファン|非公式|패러디|팬|محاكاة|ساخر|معجب|पैरोडी|प्रशंसक"
)
_LURE = re.compile(
    r"\b(dm|message|text|write|contact|inbox|whats?app|telegram|signal)\b.{0,20}\b(me|us|for|now|on|at|to)\b|"
    r"giveaway|airdrop|doubl(e|ing) your|send \d|claim (your|now|free)|free (btc|eth|crypto|money|tokens)|"
    r"investment (plan|platform|tips)|guaranteed (profit|return)|recover(y)? (of )?(lost|stolen|funds|account)|"
    r"cash ?app|gift ?card|loan offer|"
    r"escríbeme|mándame|schreib mir|écrivez[- ]moi|пиши(те)? (мне|в)|в личку"
)
# Link shorteners, profiles and hosting that everybody uses: sharing one says nothing.
COMMON_HOSTS = frozenset(
    (
        "t.co bit.ly linktr.ee youtube.com youtu.be instagram.com facebook.com fb.com twitter.com x.com "
        "tiktok.com linkedin.com medium.com github.com google.com apple.com amazon.com patreon.com bsky.app "
        "mastodon.social wikipedia.org imdb.com"
    ).split()
)
# Messengers, and shorteners that hide where they lead; t.co is X's own and stands on every profile.
LURE_HOSTS = frozenset(
    (
        "t.me telegram.me wa.me api.whatsapp.com chat.whatsapp.com signal.me m.me discord.gg bit.ly "
        "tinyurl.com goo.gl cutt.ly rebrand.ly is.gd ow.ly forms.gle cash.app paypal.me"
    ).split()
)


def declares_parody(text: str) -> bool:
    """Tell whether ``text``, in normal form, declares a parody, a fan or a commentary account.

    Examples
    --------
    >>> declares_parody("jane roe (parody)"), declares_parody("jane roe")
    (True, False)
    """
    return bool(_PARODY.search(text))


def lures(text: str) -> bool:
    """Tell whether ``text``, in normal form, asks to be messaged, paid or joined elsewhere.

    Examples
    --------
    >>> lures("message me on telegram"), lures("i love messages in bottles")
    (True, False)
    """
    return bool(_LURE.search(text))
