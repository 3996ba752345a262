"""The tables. Times are text, RFC 3339 in UTC with microseconds (``stamp``), so that they sort and hash alike anywhere.

``log`` vouches for all others: every row that says what somebody did carries the number of its log entry (``seq``), and
the entry holds the row's digest. Rows are never changed, but for the columns of ``ENDS``, which hold the number of the
entry that ended something, and by an erasure, which takes texts of ``ERASABLE`` rows away: their ``erased`` holds the
number of the entry that vouches for what is left.
``service/records/migrations`` makes the tables; a test holds the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    exists,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_Seq = BigInteger().with_variant(Integer, "sqlite")
_TIME, _DIGEST, _ID, _ACTOR = String(27), String(64), String(36), String(200)
_UNERASED = "erased IS NULL"


def stamp(moment: datetime) -> str:
    """Return a time as the tables keep it.

    Examples
    --------
    >>> stamp(datetime(2017, 11, 2, 18, 59, tzinfo=UTC))
    '2017-11-02T18:59:00.000000Z'
    """
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def moment(stamped: str) -> datetime:
    """Return the time that ``stamp`` wrote."""
    return datetime.fromisoformat(stamped)


def _entry() -> Column[int]:
    return Column("seq", _Seq, ForeignKey("log.seq"), primary_key=True, autoincrement=False)


# The log: entry ``seq`` holds the hash of the one before.
log = Table(
    "log",
    metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("at", _TIME, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("data", Text, nullable=False),
    Column("previous", _DIGEST, nullable=False),
    Column("hash", _DIGEST, nullable=False),
    Index(None, "subject"),
)
# Signatures of entries, and so of all that came before them: one where each commit ends.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("seq", _Seq, ForeignKey("log.seq"), primary_key=True, autoincrement=False),
    Column("signed_by", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
)
# One row: where the log ends. Who writes takes it first, so that all writers go one after the other.
head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", _Seq, nullable=False),
    Column("hash", _DIGEST, nullable=False),
)
# One check each. ``record`` is JSON: the request, the account as read, the answer; the log holds its SHA-256.
decisions = Table(
    "decisions",
    metadata,
    _entry(),
    Column("id", _ID, nullable=False, unique=True),
    Column("at", _TIME, nullable=False),
    Column("caller", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("action", String(20), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("platform", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("erased", _Seq),
    Column("due", _TIME),  # by when it should be answered, and never before ``at``: rows from before 0011 have none
    # What somebody acts in or asked for, and the checks of a platform: each the newest first.
    Index("ix_decisions_actor_seq", "actor", "seq"),
    Index("ix_decisions_caller_seq", "caller", "seq"),
    Index("ix_decisions_platform_seq", "platform", "seq"),
    Index(None, "account_id"),
    Index(None, "handle"),
    Index(None, "verdict", "at"),  # what waits for a second person
    Index("ix_decisions_verdict_due", "verdict", "due"),  # and what of it is due first
    Index(None, "at", "handle"),  # a part of a handle among the checks of some days
    Index("ix_decisions_with_texts", "at", sqlite_where=text(_UNERASED), postgresql_where=text(_UNERASED)),
)
# Which protected account a check found, by the number of its entry: the handle in the form that is searched for. It is
# made of the record, which the log vouches for, and only finds it.
decision_targets = Table(
    "decision_targets",
    metadata,
    Column("entry", _Seq, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False),
    Index(None, "handle", "entry"),
)
# Who has been shown the evidence of a check.
views = Table(
    "views",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("at", _TIME, nullable=False),
    UniqueConstraint("decision", "actor"),
)
approvals = Table(
    "approvals",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("erased", _Seq),
    Column("executor", _ACTOR),  # who is to act, of a triage
    UniqueConstraint("decision", "actor"),
    Index(None, "actor"),
)
clearances = Table(
    "clearances",
    metadata,
    _entry(),
    Column("id", _ID, nullable=False, unique=True),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("issued_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("spent", _Seq),  # the log entries that ended it
    Column("revoked", _Seq),
    Column("taken_by", String(16)),  # the id of the API key that got it
    Column("given_to", _ACTOR),  # who acts by it, of a triage; of others it is the check's actor
    Index(None, "decision"),
    Index(None, "given_to"),
)
outcomes = Table(
    "outcomes",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("relation", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("erased", _Seq),
    Index(None, "decision"),
    Index(None, "at"),
)
# What whoever asked for a check did with it besides acting: ``held`` it back from the reviewers, ``asked`` them after
# all, or ``withdrawn`` it, with a reason as a code.
asker_steps = Table(
    "asker_steps",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("at", _TIME, nullable=False),
    UniqueConstraint("decision", "kind"),
)
# What speaks against acting on an account, remembered across its checks (``records.remembered``): an appeal that was
# overturned, or found to stand after all, and what a refused redemption saw. ``name`` is the handle without its server.
warnings = Table(
    "warnings",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("codes", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Index(None, "decision"),
    Index(None, "account_id"),
    Index(None, "name"),
)
# What an account has to change, and by when: one row for each spent clearance of the action ``require_change``. What is
# demanded stands in the record of its check.
demands = Table(
    "demands",
    metadata,
    _entry(),
    Column("id", _ID, nullable=False, unique=True),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("at", _TIME, nullable=False),
    Column("due_at", _TIME, nullable=False),
    Index(None, "due_at"),
)
# What was seen of it. ``state`` is what the demand is after that look; ``results`` is JSON.
demand_looks = Table(
    "demand_looks",
    metadata,
    _entry(),
    Column("demand", _ID, ForeignKey("demands.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("state", String(10), nullable=False),
    Column("snapshot", _DIGEST, nullable=False),
    Column("results", Text, nullable=False),
    Index(None, "demand"),
)
# Complaints about what was decided: about an action, or by a reporter about none. ``received_at`` is when it came in.
appeals = Table(
    "appeals",
    metadata,
    _entry(),
    Column("id", _ID, nullable=False, unique=True),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("about", String(10), nullable=False),
    Column("by", String(10), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("language", String(3), nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("due_at", _TIME, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("erased", _Seq),
    Column("contact", Text),  # where the answer goes, if whoever complained said so
    Index(None, "decision"),
    Index(None, "due_at"),
)
# The codes that notices to people carry where people complain on a page: one for each action that was taken.
appeal_codes = Table(
    "appeal_codes",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("code", String(16), nullable=False, unique=True),
    Column("at", _TIME, nullable=False),
)
# What happened to it: that the action was lifted until it is decided, and what was found.
appeal_steps = Table(
    "appeal_steps",
    metadata,
    _entry(),
    Column("appeal", _ID, ForeignKey("appeals.id"), nullable=False),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("erased", _Seq),
    Index(None, "appeal"),
    Index(None, "decision"),
)
# Accounts whose person proved who they are: the account of a check, and others of the same person. ``profile`` is JSON,
# the account as it was then; ``proven`` is the same in all rows of one step.
findings = Table(
    "findings",
    metadata,
    _entry(),
    Column("id", _ID, nullable=False, unique=True),
    Column("proven", _ID, nullable=False),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("proof", String(20), nullable=False),
    Column("platform", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("ended", _Seq),
    Column("erased", _Seq),
    Index(None, "decision"),
    Index(None, "account_id"),
)
# Who reported what was checked, so that unfounded notices are counted. ``reporter`` is a digest of the platform and the
# platform's name of the reporter.
notices = Table(
    "notices",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("reporter", _DIGEST, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", _TIME, nullable=False),
    Index(None, "reporter", "at"),
)
# Checks that somebody is asked to judge once more, without what was answered; who was shown one, and what they said.
second_looks = Table(
    "second_looks",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("at", _TIME, nullable=False),
)
known_cases = Table(
    "known_cases",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("source", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("right_answer", String(10), nullable=False),
    Column("at", _TIME, nullable=False),
    Index(None, "source"),
)
second_look_views = Table(
    "second_look_views",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("at", _TIME, nullable=False),
    UniqueConstraint("decision", "actor"),
)
second_look_answers = Table(
    "second_look_answers",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("relation", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("erased", _Seq),
    UniqueConstraint("decision", "actor"),
)
# What reviewers did with checks that wait, besides answering them: claimed, released, skipped, escalated, settled.
# Only a claim has ``ends_at``. ``note`` is what the person wrote.
queue_marks = Table(
    "queue_marks",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("ends_at", _TIME),
    Column("erased", _Seq),
    Index(None, "decision"),
)
# What was stated of each action, for the EU's database: JSON, made when the clearance was redeemed. ``missing`` names
# the required fields that nobody had given by then, separated by blanks.
statements = Table(
    "statements",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("at", _TIME, nullable=False),
    Column("body", Text, nullable=False),
    Column("missing", Text, nullable=False),
)
# What somebody gave of what was missing, all of it at once: JSON.
statement_additions = Table(
    "statement_additions",
    metadata,
    _entry(),
    Column("decision", _ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("at", _TIME, nullable=False),
)
# API keys: only the SHA-256 of the secret is kept. Roles are separated by blanks.
keys = Table(
    "keys",
    metadata,
    _entry(),
    Column("id", String(16), nullable=False, unique=True),
    Column("digest", _DIGEST, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("roles", String(80), nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("revoked", _Seq),
    Column("person", _ACTOR),  # an id that ties several names to one person
    Column("subject", _DIGEST),  # the account at the provider of the sign-in that it stands for: nobody has its secret
    Index(None, "actor"),
)
# When actors' access ends; of several rows of an actor the last counts, and an empty end takes the one before back.
access_ends = Table(
    "access_ends",
    metadata,
    _entry(),
    Column("actor", _ACTOR, nullable=False),
    Column("access_ends_at", _TIME),
    Index(None, "actor"),
)
# How many checks were cleared for an actor, by the key of the name (``utils.person_key``), and for all ("*"), in each
# minute since 1970.
usage = Table(
    "usage",
    metadata,
    Column("actor", _ACTOR, primary_key=True),
    Column("minute", Integer, primary_key=True, autoincrement=False),
    Column("cleared", Integer, nullable=False),
    Index(None, "minute"),  # what is too old to count
)
# The names of actors in checks that no API key has, each with its key: so that all its spellings are found by SQL.
actor_names = Table(
    "actor_names",
    metadata,
    Column("name", _ACTOR, primary_key=True),
    Column("key", _ACTOR, nullable=False),
    Index(None, "key"),
)
# What was answered under an idempotency key of a caller, who goes by the key of the name; kept for a day.
answers = Table(
    "answers",
    metadata,
    Column("caller", _ACTOR, primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request", _DIGEST, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Index(None, "at"),
)
# Who is signed in on the pages: the SHA-256 of what the cookie holds, and whose key it was. No rights are kept here.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", _DIGEST, primary_key=True),
    Column("key_id", String(16), nullable=False),
    Column("demo", Integer, nullable=False),
    Column("began_at", _TIME, nullable=False),
    Column("used_at", _TIME, nullable=False),
)
# Changes of the registry that take a second admin. ``record`` is JSON: what was there, what is put, why it takes two.
registry_changes = Table(
    "registry_changes",
    metadata,
    _entry(),
    Column("id", _ID, nullable=False, unique=True),
    Column("at", _TIME, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("platform", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("applied", _Seq),
)
# Who has been shown one, and what they answered.
registry_views = Table(
    "registry_views",
    metadata,
    _entry(),
    Column("change", _ID, ForeignKey("registry_changes.id"), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("at", _TIME, nullable=False),
    UniqueConstraint("change", "actor"),
)
registry_answers = Table(
    "registry_answers",
    metadata,
    _entry(),
    Column("change", _ID, ForeignKey("registry_changes.id"), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Index(None, "change"),
)
# What each change of the registry that an admin made here did, whether or not it took two: JSON, a list of what was
# registered before and after. ``change`` is the one that waited for a second admin, where it did.
registry_edits = Table(
    "registry_edits",
    metadata,
    _entry(),
    Column("at", _TIME, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("change", _ID),
    Column("record", Text, nullable=False),
)
# Which accounts an edit was about, so that the history of one is found: digests of what it is recognised by.
registry_edited = Table(
    "registry_edited",
    metadata,
    Column("account", _DIGEST, primary_key=True),
    Column("edit", _Seq, ForeignKey("registry_edits.seq"), primary_key=True, autoincrement=False),
)
# Changes of who may do what, asked for on the pages, that take a second admin: a new key, or an end of access that is
# put off or taken back. Of a new key's secret there is the digest only.
key_changes = Table(
    "key_changes",
    metadata,
    _entry(),
    Column("id", _ID, nullable=False, unique=True),
    Column("at", _TIME, nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("does", String(12), nullable=False),
    Column("whose", _ACTOR, nullable=False),
    Column("roles", String(80), nullable=False),
    Column("person", _ACTOR),
    Column("access_ends_at", _TIME),
    Column("new_key", String(16)),
    Column("digest", _DIGEST),
    Column("reason", Text, nullable=False),
    Column("applied", _Seq),
)
key_answers = Table(
    "key_answers",
    metadata,
    _entry(),
    Column("change", _ID, ForeignKey("key_changes.id"), nullable=False),
    Column("actor", _ACTOR, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Index(None, "change"),
)
# What this database is for, the demonstration or a real registry: one row, written by the first service on it.
purposes = Table(
    "purposes",
    metadata,
    _entry(),
    Column("purpose", String(20), nullable=False),
    Column("at", _TIME, nullable=False),
)
# What is in force at each home that works on this database, and where the log ended when the registry came into force.
instances = Table(
    "instances",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("host", String(200), nullable=False),
    Column("registry", _DIGEST, nullable=False),
    Column("model", String(100), nullable=False),
    Column("key", String(64), nullable=False),
    Column("since", _Seq, nullable=False),
    Column("at", _TIME, nullable=False),
)
# When each gate last said that it works, by its key, and how many cases it had under way. It allows nothing.
gates = Table(
    "gates",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("at", _TIME, nullable=False),
    Column("waiting", Integer, nullable=False),
)
# Changes of the registry for homes that have not made them, signed by the one that has. ``change`` is JSON.
registry_steps = Table(
    "registry_steps",
    metadata,
    _entry(),
    Column("before", _DIGEST, nullable=False),
    Column("after", _DIGEST, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("change", Text, nullable=False),
    Column("signed_by", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
    Index(None, "after"),
)
# Columns that are set later, by the kind of the entry that sets them.
ENDS = {
    "clearance_redeemed": clearances.c.spent,
    "clearance_revoked": clearances.c.revoked,
    "key_revoked": keys.c.revoked,
    "registry_change_applied": registry_changes.c.applied,
    "finding_ended": findings.c.ended,
    "key_change_applied": key_changes.c.applied,
}
# Rows that an erasure takes texts from, and their column that names the check.
ERASABLE = {
    decisions: decisions.c.id,
    approvals: approvals.c.decision,
    outcomes: outcomes.c.decision,
    findings: findings.c.decision,
    second_look_answers: second_look_answers.c.decision,
    appeals: appeals.c.decision,
    appeal_steps: appeal_steps.c.decision,
    queue_marks: queue_marks.c.decision,
}
# Of rows of ``decisions``: that somebody asked. Known cases (``decisions.known_cases``) are in no figure and no list.
WAS_ASKED = ~exists().where(known_cases.c.decision == decisions.c.id)
