"""What Ozone calls things: methods, kinds of events, reasons of reports, tags."""

from __future__ import annotations

QUERY_REPORTS = "tools.ozone.report.queryReports"
CREATE_ACTIVITY = "tools.ozone.report.createActivity"
LIST_ACTIVITIES = "tools.ozone.report.listActivities"
QUERY_EVENTS = "tools.ozone.moderation.queryEvents"
EMIT_EVENT = "tools.ozone.moderation.emitEvent"
GET_CONFIG = "tools.ozone.server.getConfig"
LIST_OPTIONS = "tools.ozone.setting.listOptions"
UPSERT_OPTION = "tools.ozone.setting.upsertOption"
LIST_VERIFICATIONS = "tools.ozone.verification.listVerifications"
GET_PROFILE = "app.bsky.actor.getProfile"
CREATE_SESSION = "com.atproto.server.createSession"
REFRESH_SESSION = "com.atproto.server.refreshSession"

_EVENT = "tools.ozone.moderation.defs#modEvent"
TAKEDOWN, REVERSAL, RESOLVED = f"{_EVENT}Takedown", f"{_EVENT}ReverseTakedown", f"{_EVENT}ResolveAppeal"
REPORT, COMMENT, TAG = f"{_EVENT}Report", f"{_EVENT}Comment", f"{_EVENT}Tag"
ESCALATE, PRIORITY = f"{_EVENT}Escalate", f"{_EVENT}PriorityScore"
NOTE = "tools.ozone.report.defs#noteActivity"
REPO_REF = "com.atproto.admin.defs#repoRef"
PROFILE_RECORD = "app.bsky.actor.profile"

# Reasons of reports that say that somebody is impersonated: of today, and of before there were more of them.
IMPERSONATION = "tools.ozone.report.defs#reasonMisleadingImpersonation"
REASONS = (IMPERSONATION, "com.atproto.moderation.defs#reasonMisleading")
APPEALS = ("tools.ozone.report.defs#reasonAppeal", "com.atproto.moderation.defs#reasonAppeal")

# Tags. Ozone itself adds the second to whatever is reported; nobody but the gate may act on what has one of the two.
HOLD, REPORTED = "doublecheck-hold", "report:misleading-impersonation"
VERDICTS = ("cleared", "needs-review", "refused", "approved", "declined", "acted", "stands", "failed")
PROTECTED_TAGS = "tools.ozone.setting.protectedTags"
