"""Genuine accounts around invented protected ones, of the kinds that were or might be taken for impersonators.

Nobody of them exists. Each kind is written for several protected accounts, by what is true of them; what is not known
of an account (id, counts, dates) is completed by ``completions``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zlib import crc32

from classifier.accounts.account import Account, ProtectedAccount
from classifier.text.spelling import spelled
from tests.red_team.cases import Genuine, Surrounding

_OLD = datetime(2011, 3, 4, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Subject:
    """A protected person or organisation, and what kinds need to know of it.

    Attributes
    ----------
    given, family : str
        The parts of a person's name; of an organisation its name, and nothing.
    near : str
        Another genuine name that differs in one letter.
    role, employer, place : str
    elsewhere : str
        The name in another script or language.
    """

    protected: ProtectedAccount
    given: str
    family: str
    near: str
    role: str
    employer: str
    place: str
    elsewhere: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given} {self.family}".strip()

    @property
    def handle(self) -> str:
        """The protected handle, in the form that other handles are built on."""
        return self.protected.handle.partition("@")[0].removesuffix(".bsky.social")


def _subject(handle: str, given: str, family: str, **known: str) -> Subject:
    name, platform = f"{given} {family}".strip(), known.get("platform", "x")
    protected = ProtectedAccount(
        platform=platform,
        handle=handle,
        account_id="did:plc:aaaabbbbccccddddeeeeffff"
        if platform == "bluesky"
        else str(70_000_000 + crc32(handle.encode()) % 10**7),
        display_name=name,
        bio=known["bio"],
        roles=(known["role"],),
        links=(f"https://www.{handle.partition('@')[0].replace('_', '').replace('.', '').casefold()}.example",),
        followers=640_000,
        created_at=_OLD,
        verified=None if platform == "mastodon" else True,
        avatar_pdq="8b384e20172bc890ca5d7cd192c53f2c82fecf3530c4c1e5e749f63fd972500a",
    )
    parts = ("near", "role", "employer", "place", "elsewhere")
    return Subject(protected, given, family, **{part: known[part] for part in parts})


PEOPLE = (
    _subject("InesBrandvold", "Inês", "Brandvold", near="Inés Brandvolt", role="Minister of Tarnholt",
             employer="Government of Tarnholt", place="Tarnholt", elsewhere="Инеш Брандволд",
             bio="Minister of Tarnholt. Rivers, rail and bad puns."),
    _subject("tomasz_wierzok", "Tomasz", "Wierzok", near="Tomasz Wierzak", role="Striker for FC Valmar",
             employer="FC Valmar", place="Valmar", elsewhere="Томаш Вежок", bio="Striker. Father of two."),
    _subject("MiriamOkonjwe", "Miriam", "Okonjwe", near="Marian Okonjwe", role="CEO of Northwyn Robotics",
             employer="Northwyn Robotics", place="Puerto Alba", elsewhere="ミリアム・オコンジュウェ",
             bio="CEO of Northwyn Robotics. Engineer, sailor."),
    _subject("le_van_quyet", "Lê Văn", "Quyết", near="Le Van Quyen", role="Singer", employer="Halvard Records",
             place="Ruvik", elsewhere="黎文决", bio="Singer. New album out now. Booking: see link."),
    _subject("lenaquist@social.example", "Lena", "Quistgaard", near="Lene Quistgaard", role="Professor",
             employer="Ruvik University", place="Ruvik", elsewhere="Лена Квистгор", platform="mastodon",
             bio="Professor of oceanography at Ruvik University. Posts about the sea."),
    _subject("orlatamsin.bsky.social", "Orla", "Tamsin", near="Orla Tamsen", role="Comedian", employer="Mild Panic",
             place="Leeds", elsewhere="أورلا تامسين", platform="bluesky", bio="Comedian and writer. On tour."),
)  # fmt: skip
FIRMS = (
    _subject("OstrevaBank", "Ostreva Bank", "", near="Ostrava Bank", role="Bank", employer="Ostreva Group",
             place="Mexico", elsewhere="Остревабанк", bio="Official account. We never ask for your PIN."),
    _subject("flyzephrona", "Zephrona Airlines", "", near="Zephrina Airlines", role="Airline", employer="Zephrona",
             place="Brasil", elsewhere="ゼフロナ航空", bio="Flying you home since 1961. For help DM us."),
    _subject("RiversOpenOrg", "Rivers Open", "", near="Rivers Oven", role="Environmental organisation",
             employer="Rivers Open", place="Kenya", elsewhere="Ríos Abiertos", bio="We protect rivers. Donate here."),
    _subject("cafe_lindara", "Café Lindara", "", near="Café Lindera", role="Café in Puerto Alba", employer="Lindara",
             place="Valmar", elsewhere="カフェ・リンダラ", bio="Coffee and bakery since 1987. Open daily."),
)  # fmt: skip

# What a kind makes of a subject: handle, name and bio, and whether the picture and the link are the protected one's.
_Made = tuple[str, str, str, str]
_PIC, _LINK, _CHANNEL = "picture", "link", "channel"
_Kind = Callable[[Subject], _Made]

OF_PEOPLE: dict[str, _Kind] = {
    "accents dropped": lambda s: ("plumbking88", spelled(s.name), "Plumber in Leeds. Father of two.", ""),
    "accents dropped, handle of the name": lambda s: (_joined(s) + "7", spelled(s.name), "Plumber.", ""),
    "one letter apart": lambda s: (_slug(s.near), s.near, "Gardener. Mother of three.", ""),
    "one letter apart, name as handle": lambda s: (_slug(s.near, "_"), s.near, "I take pictures of birds.", ""),
    "namesake, name as handle": lambda s: (f"{_joined(s)}81", s.name, "Teacher. Husband, runner.", ""),
    "namesake, handle with letter doubled": lambda s: (f"{_joined(s)}{_joined(s)[-1]}", s.name, "Nurse in Leeds.", ""),
    "namesake, profession the same": lambda s: (f"{s.handle}5", s.name, f"{s.role.split()[0]}. Father.", _PIC),
    "namesake at the employer": lambda s: (f"{_joined(s)}_w", s.name, f"Accountant at {s.employer}.", ""),
    "initial and family name": lambda s: (f"{s.given[0]}_{_slug(s.family)}", s.name, "Views my own.", ""),
    "former employee": lambda s: (f"ex_{_slug(s.family)}", s.name, f"Formerly at {s.employer}.", ""),
    "family member": lambda s: (f"{_slug(s.family)}_jr", f"{s.given} {s.family} Jr.", f"Son of {s.name}.", ""),
    "spouse, married name": lambda s: (f"mrs_{_slug(s.family)}", f"Mrs {s.name}", f"Married to {s.name}.", ""),
    "married name joined": lambda s: (f"{_joined(s)}_holt", f"{s.name}-Holt", "Physio, two cats.", ""),
    "transliterated": lambda s: (f"{s.handle}_w", s.elsewhere, "Hello from here.", ""),
    "transliterated by the owner": lambda s: (f"{s.handle}_int", s.elsewhere, s.protected.bio or "", _PIC),
    "owner's second account": lambda s: (f"{s.handle}2", s.name, s.protected.bio or "", _PIC),
    "owner's second account, with underscore": lambda s: (f"{s.handle}__", s.name, f"{s.role}. More here.", _PIC),
    "owner's personal account": lambda s: (f"{s.handle}_home", s.name, "Dog pictures, mostly.", _PIC + _LINK),
    "owner starting over": lambda s: (f"{s.handle}real", s.name, f"Starting over. {s.role}.", _PIC),
    "owner after a hack": lambda s: (f"{s.handle}_new", s.name, "My old account was hacked.", _PIC),
    "owner's channel": lambda s: (f"{s.handle}vip", f"{s.name} VIP", "Join my Telegram channel.", _PIC + _CHANNEL),
    "owner's giveaway": lambda s: (f"{s.handle}live", s.name, "Giveaway for my fans, write me.", _PIC + _CHANNEL),
    "owner's campaign": lambda s: (f"{s.handle}4you", f"{s.name} for Mayor", "Paid for by the campaign.", _PIC),
    "owner's team": lambda s: (f"team_{_slug(s.family)}", f"Team {s.name}", f"Posts by {s.name}'s staff.", _PIC),
    "owner's old account": lambda s: (f"{s.handle}_2009", s.name, "", ""),
    "owner, name in capitals": lambda s: (f"the{s.handle}", s.name.upper(), f"{s.role}", _PIC),
    "fan page without a label": lambda s: (f"{_slug(s.family)}daily", f"{s.name} Daily", f"On {s.name}.", _PIC),
    "fan page with the bare name": lambda s: (f"{s.handle}_x", f"{s.name} ♥", f"{s.role}. We love you!", _PIC),
    "tribute": lambda s: (f"rip_{_slug(s.family)}", f"In memory of {s.name}", f"{s.role}. We miss you.", _PIC),
    "role word in the name": lambda s: (f"{_slug(s.family)}biz", f"Dr {s.name}", "Dentist in Puerto Alba.", ""),
}  # fmt: skip
OF_FIRMS: dict[str, _Kind] = {
    "accents dropped": lambda s: (f"{s.handle}7", spelled(s.name), "plumber in Leeds", ""),
    "one letter apart": lambda s: (_slug(s.near), s.near, "Family business since 1990.", ""),
    "person whose name it is": lambda s: ("otto_p", s.name, "Real name. No, not them.", ""),
    "role word in the name": lambda s: (f"{s.handle}7", s.name, "Hello there, welcome to our page.", ""),
    "regional branch": lambda s: (f"{s.handle}_{s.place[:2]}", f"{s.name} {s.place}", f"{s.name} in {s.place}.", _PIC),
    "regional branch, digits": lambda s: (f"{s.handle}01", f"{s.name} {s.place}", f"{s.role}, {s.place}.", _PIC),
    "branch with a channel": lambda s: (f"{s.handle}{s.place[:2]}", s.name, "WhatsApp us any time.", _PIC + _CHANNEL),
    "own support desk": lambda s: (f"{s.handle}care", f"{s.name} Customer Care", "Message us, we reply.", _PIC),
    "own help, other words": lambda s: (f"{s.handle}desk", f"{s.name} Replies", "Ask us. DM your number.", _PIC),
    "own jobs": lambda s: (f"{s.handle}jobs", f"{s.name} Careers", f"Work at {s.employer}.", _PIC + _LINK),
    "own press": lambda s: (f"{s.handle}press", f"{s.name} Press", "Newsroom.", _PIC),
    "rebrand after a merger": lambda s: (f"{s.handle}group", f"{s.name} Group", f"Now {s.employer}.", _PIC),
    "employee": lambda s: (f"ana_{_slug(s.given)}", f"Ana ({s.name})", f"{s.role} people. Views my own.", ""),
    "former employee": lambda s: ("ana_writes", f"Ana, ex {s.name}", f"Ten years at {s.name}.", ""),
    "in another language": lambda s: (f"{s.handle}_intl", s.elsewhere, s.protected.bio or "", _PIC),
    "franchise": lambda s: (f"{s.handle}{s.place.lower()}", f"{s.name}", f"{s.role} in {s.place}.", _PIC + _LINK),
    "customer": lambda s: (f"i_love_{_slug(s.given)[:10]}", f"{s.name} lover", f"Regular at {s.name}.", ""),
    "own giveaway": lambda s: (f"{s.handle}win", s.name, "Prize draw every Friday. Write to us.", _PIC + _CHANNEL),
}  # fmt: skip


def surroundings() -> Iterator[Surrounding]:
    """Yield the invented accounts, around all protected ones together.

    Examples
    --------
    >>> [one] = surroundings()
    >>> len(one.cases) >= 200
    True
    """
    made = [
        Genuine(_account(subject, *kind(subject)), name)
        for subjects, kinds in ((PEOPLE, OF_PEOPLE), (FIRMS, OF_FIRMS))
        for subject in subjects
        for name, kind in kinds.items()
    ]
    yield Surrounding([subject.protected for subject in (*PEOPLE, *FIRMS)], made)


def _account(subject: Subject, handle: str, name: str, bio: str, has: str) -> Account:
    protected = subject.protected
    channel = (f"https://t.me/{_slug(subject.given)}",) if _CHANNEL in has else ()
    server = {"mastodon": "@social.example", "bluesky": ".bsky.social"}.get(protected.platform, "")
    if protected.platform == "bluesky":  # whose handles are host names
        handle = "-".join(filter(None, handle.replace("_", "-").split("-")))
    return Account(
        platform=protected.platform,
        handle=handle + server,
        display_name=name,
        bio=bio or None,
        links=(protected.links if _LINK in has else ()) + channel,
        avatar_pdq=protected.avatar_pdq if _PIC in has else None,
    )


def _slug(text: str, between: str = "") -> str:
    """Return a name as people make a handle of it."""
    words = spelled(text).casefold().split()
    return between.join("".join(letter for letter in word if letter.isalnum()) for word in words)


def _joined(subject: Subject) -> str:
    return _slug(subject.name)
