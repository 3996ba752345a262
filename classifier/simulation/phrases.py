"""Phrases: what simulated genuine profiles say, in several languages: declarations, words of ordinary lives.

``{name}``, ``{role}`` and ``{handle}`` stand for the protected account's own; ``{place}``, ``{interest}`` and
``{firm}`` are drawn. What impersonators say is in ``attack_phrases``.
"""

from __future__ import annotations

from classifier.simulation.attack_phrases import WORDINGS

# What lures, in every language.
LURES = tuple(ask for say in WORDINGS.values() for ask in say.asks)
OFFICE_NAMES = (
    "{name} for Congress",
    "{name} Press",
    "{name} Campaign",
    "Office of {name}",
    "{name} Jobs",
    "{name} News",
    "{name} Personal",
    "{name} en español",
    "{name} Deutschland",
    "Team {name}",
    "{name}",
    "{name}",
)
OFFICE_BIOS = (
    "Campaign account of {name}.",
    "Official office account of {name}.",
    "Press office of {name}",
    "{role}. Personal account, official one is @{handle}.",
    "Personal account. Work: @{handle}",
    "{role}. Tweets from the campaign",
    "The Spanish account of {name}. English: @{handle}",
    "Run by the team of {name}",
    "Careers at {name}",
    "Paid for by friends of {name}",
    "{role}. {interest}, husband, father",
    "Proud mom, fighting for {place}. {role}",
    "Candidate. {interest}",
    "Official government account is @{handle}",
    "Running for re-election. Join us",
    "Pressestelle von {name}",
    "Service de presse de {name}",
    "Follow @{handle} for official news",
)
# Another person's life. What is claimed here is their own.
OWN_LIVES = (
    "Accountant in {place}. {interest}",
    "Nurse, {place}",
    "Founder of {firm}. {place}",
    "CEO of {firm}",
    "{interest} teacher and coach in {place}",
    "Photographer. DM for bookings",
    "Realtor in {place}. Call or text +1 202 555 0147",
    "Student at the University of {place}",
    "Retired. Grandmother of five. {interest}",
    "Software engineer at {firm}, opinions mine",
    "Owner of {firm}. WhatsApp for orders",
    "DJ, bookings by email",
    "Not the famous one. {interest} in {place}",
    "Abogada en {place}",
    "Estudiante, {interest}",
    "Ingenieur aus {place}",
    "Professeur à {place}",
    "Инженер, {place}",
    "{interest}. {place}.",
    "he/him. {interest}",
)
# Other people who have to do with the protected account.
COLLEAGUES = (
    "Engineer at {firm}",
    "CFO of {firm}",
    "Works at {firm}. Views mine",
    "Intern at {firm}, {place}",
    "Former {role}",
    "Ex-{role}, now painting",
    "Deputy to the {role}",
    "Head of sales, {firm} {place}",
    "I used to work for {name}",
    "Covering {name} for {firm}",
    "Ingeniero en {firm}",
)
MENTIONS = (
    "I love {name}!",
    "Proud supporter of @{handle}",
    "Reporter. Covering {name}.",
    "Ex @{handle}, now painting",
    "{name} is my hero",
    "Big fan of {name} and {interest}",
    "Not a fan of {name}",
    "{name} must go. {interest}",
    "Followed by {name} once",
    "Retweets @{handle} a lot",
    "Vote {name}!",
    "Quoting {name} every day of my life",
)
FAN_NAMES = (
    "{name} Fans",
    "{name} Fan Club",
    "{name} fan page",
    "I ❤ {name}",
    "{name} Daily",
    "{name} Updates",
    "{name} Archive",
    "{name} News",
    "Fans de {name}",
    "{name} Türkiye Fan",
    "Фан-клуб {name}",
    "{name}ファン",
    "{name}",
)
FAN_BIOS = (
    "Fan account for {name}. Not affiliated.",
    "Fan page. Follow the real one: @{handle}",
    "Todo sobre {name}. Cuenta de fans.",
    "Daily pictures and quotes of {name}",
    "News about {name}. Unofficial.",
    "Updates on {name} by fans",
    "Fan page, DM for credit",
    "Fanseite, inoffiziell",
    "Неофициальный фан-клуб",
    "Bot posting old tweets of @{handle}",
    "Archive of everything {name} said",
)
PARODY_NAMES = (
    "Parody {name}",
    "{name} (parody)",
    "{name} Parody",
    "Not {name}",
    "(Not) {name}",
    "Fake {name}",
    "{name} [satire]",
    "Commentary: {name}",
    "{name} parodia",
    "Пародия на {name}",
    "{name} RP",
    "{name} (fan role play)",
    "{name} but funny",
    "Drunk {name}",
    "{name}",
    "{name}",
    "{name}",
)
PARODY_BIOS = (
    "Parody.",
    "Parody account of {name}.",
    "Satire. Not affiliated with {name}",
    "Not the real {name}",
    "Commentary about {name}, unofficial",
    "This is a joke account",
    "Role play. Fictional",
    "Obviously fake",
    "Cuenta parodia",
    "Parodie. Pas le vrai",
    "Nicht der echte. Satire",
    "Пародия, не настоящий",
    "パロディ",
    "Humor about {role}",
    "In character as {name}",
)
