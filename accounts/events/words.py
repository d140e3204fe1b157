"""What stands in the log, in the words of whoever reads it. Every verb that the product records has its line here."""

import re

from django.utils.translation import pgettext_lazy

VERBS = {
    "accepted": pgettext_lazy("in the log", "accepted"),
    "address proved": pgettext_lazy("in the log", "address proved"),
    "address set": pgettext_lazy("in the log", "address set"),
    "administrator no more": pgettext_lazy("in the log", "administrator no more"),
    "agreed": pgettext_lazy("in the log", "agreed"),
    "answered": pgettext_lazy("in the log", "answered"),
    "asked": pgettext_lazy("in the log", "asked"),
    "asked for": pgettext_lazy("in the log", "asked for"),
    "began": pgettext_lazy("in the log", "began"),
    "came back": pgettext_lazy("in the log", "came back"),
    "carried out": pgettext_lazy("in the log", "carried out"),
    "changed": pgettext_lazy("in the log", "changed"),
    "claimed": pgettext_lazy("in the log", "claimed"),
    "closed": pgettext_lazy("in the log", "closed"),
    "confirmed": pgettext_lazy("in the log", "confirmed"),
    "created": pgettext_lazy("in the log", "created"),
    "dated": pgettext_lazy("in the log", "dated"),
    "declined": pgettext_lazy("in the log", "declined"),
    "discarded": pgettext_lazy("in the log", "thrown away"),
    "drafted": pgettext_lazy("in the log", "drafted"),
    "edited": pgettext_lazy("in the log", "edited"),
    "ended": pgettext_lazy("in the log", "ended"),
    "erased": pgettext_lazy("in the log", "erased"),
    "exported": pgettext_lazy("in the log", "exported"),
    "fetched": pgettext_lazy("in the log", "fetched"),
    "followed up": pgettext_lazy("in the log", "followed up"),
    "gave back": pgettext_lazy("in the log", "gave back"),
    "given up": pgettext_lazy("in the log", "given up"),
    "groups set": pgettext_lazy("in the log", "groups set"),
    "handed over": pgettext_lazy("in the log", "handed over"),
    "imported": pgettext_lazy("in the log", "imported"),
    "invited": pgettext_lazy("in the log", "invited"),
    "joined": pgettext_lazy("in the log", "joined"),
    "kept": pgettext_lazy("in the log", "kept"),
    "late": pgettext_lazy("in the log", "kept late"),
    "left": pgettext_lazy("in the log", "left"),
    "logged out": pgettext_lazy("in the log", "logged out"),
    "looked at": pgettext_lazy("in the log", "looked at"),
    "made": pgettext_lazy("in the log", "made"),
    "made administrator": pgettext_lazy("in the log", "made administrator"),
    "made known": pgettext_lazy("in the log", "made known"),
    "merged": pgettext_lazy("in the log", "merged into another record"),
    "missed": pgettext_lazy("in the log", "missed"),
    "moved": pgettext_lazy("in the log", "moved"),
    "moved to another version": pgettext_lazy("in the log", "moved to another version"),
    "photo removed": pgettext_lazy("in the log", "photo removed"),
    "planned": pgettext_lazy("in the log", "planned"),
    "promised": pgettext_lazy("in the log", "promised"),
    "published": pgettext_lazy("in the log", "published"),
    "put in force": pgettext_lazy("in the log", "put in force"),
    "refused": pgettext_lazy("in the log", "refused"),
    "removed": pgettext_lazy("in the log", "removed"),
    "revoked": pgettext_lazy("in the log", "taken back"),
    "scheduled": pgettext_lazy("in the log", "scheduled"),
    "second factors taken off": pgettext_lazy("in the log", "second factors taken off"),
    "sent again": pgettext_lazy("in the log", "sent again"),
    "started": pgettext_lazy("in the log", "started"),
    "taken apart": pgettext_lazy("in the log", "taken apart again"),
    "taken back": pgettext_lazy("in the log", "taken back"),
    "thrown away": pgettext_lazy("in the log", "thrown away"),
    "took over": pgettext_lazy("in the log", "took over another record"),
    "transferred": pgettext_lazy("in the log", "transferred"),
    "tried again": pgettext_lazy("in the log", "tried again"),
    "undone": pgettext_lazy("in the log", "called off"),
    "unscheduled": pgettext_lazy("in the log", "made a draft again"),
    "uploaded": pgettext_lazy("in the log", "uploaded"),
    "void": pgettext_lazy("in the log", "no longer applies"),
    "waived": pgettext_lazy("in the log", "waived"),
    "withdrawn": pgettext_lazy("in the log", "withdrawn"),
    "work handed over": pgettext_lazy("in the log", "work handed over"),
}
REASONS = {
    "transfer": pgettext_lazy("in the log", "the home changed hands"),
    "merge": pgettext_lazy("in the log", "records were merged"),
    "merge undone": pgettext_lazy("in the log", "records were taken apart again"),
    "erasure": pgettext_lazy("in the log", "the record was erased"),
    "email": pgettext_lazy("in the log", "e-mail"),
    "sms": pgettext_lazy("in the log", "text message"),
    "family": pgettext_lazy("in the log", "family"),
    "tenant": pgettext_lazy("in the log", "tenant"),
}
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")


def verb_in_words(event):
    return VERBS.get(event.verb, event.verb)


def reason_in_words(event):
    """What staff wrote, or why it happened by itself; the id of a second row says nothing to a reader."""
    return "" if AN_ID.fullmatch(event.reason) else REASONS.get(event.reason, event.reason)
