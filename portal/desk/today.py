"""What the desk opens with: what is planned, what went wrong, and how much there is to look after."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, npgettext
from wagtail.admin.ui.components import Component

from accounts.models import Owner
from accounts.notices.models import Heartbeat, Notice
from portal.care.heartbeat import stands_still_since
from progress.enquiries.models import Enquiry
from progress.journeys.models import Journey
from progress.models import Home
from progress.promises.models import Promise
from progress.questions.models import Question
from progress.scope import may_view
from progress.updates.models import Update

from . import privacy
from .enquiries import new_enquiries
from .questions import open_questions
from .scoped import within
from .site_announcements import may_write
from .tickets import first_page
from .undelivered import undelivered
from .updates import page_of

CALLED = {
    Home: lambda count: npgettext("so many", "home", "homes", count),
    Owner: lambda count: npgettext("so many", "owner", "owners", count),
    Journey: lambda count: npgettext("so many", "journey", "journeys", count),
}
A_NIGHT_MISSED = timedelta(hours=36)


class Today(Component):
    """At most one query a line, whatever the number of homes."""

    name = "today"
    template_name = "desk/today.html"
    order = 10

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        updates = within(Update, self.user).select_related("development", "corrects")
        return {
            "scheduled": self._with_page(updates.filter(state=Update.State.SCHEDULED).order_by("publish_at")[:6]),
            "drafts": self._with_page(updates.filter(state=Update.State.DRAFT).order_by("-created_at")[:6]),
            "counts": list(self.counts()),
            "may_post": may_write(self.user),
            "backup": last_backup(at=timezone.now()) if self.user.is_superuser else None,
            "care_silent_since": stands_still_since(at=timezone.now()),
        }

    def _with_page(self, updates):
        """[(update, its address, or None for whoever only reads it)]"""
        return [(update, page_of(update, self.user)) for update in updates]

    def counts(self):
        """(number, label, address, tone) of what this person may see; what they owe themselves stands first."""
        if may_view(self.user, Promise):
            mine = within(Promise, self.user).open().answered_by(self.user)
            late = mine.filter(due_at__lt=timezone.now()).exists()
            owed = mine.count()
            yield (
                owed,
                ngettext("promise of mine", "promises of mine", owed),
                reverse("desk_updates:my-day"),
                "warning" if late else "",
            )
        yield from first_page.waiting(self.user)
        if may_view(self.user, Question):
            waiting = open_questions(self.user).count()
            label = ngettext("question waits for an answer", "questions wait for an answer", waiting)
            yield waiting, label, reverse("desk_question:index") + "?state=open", "warning" if waiting else "quiet"
        if may_view(self.user, Enquiry):
            new = new_enquiries(self.user).count()
            label = ngettext("new enquiry", "new enquiries", new)
            yield new, label, reverse("desk_enquiry:index") + "?state=new", "warning" if new else "quiet"
        yield from privacy.counted(self.user)
        if may_view(self.user, Notice):
            failed = undelivered(self.user).count()
            label = ngettext("undelivered message", "undelivered messages", failed)
            yield failed, label, reverse("desk_undelivered:index"), "warning" if failed else "quiet"
        for model, called in CALLED.items():
            if may_view(self.user, model):
                count = within(model, self.user).count()
                yield count, called(count), reverse(f"desk_{model._meta.model_name}:index"), ""


def last_backup(*, at):
    """When the last good one was made, where they are made every night."""
    if not settings.BACKUP_FOLDER:
        return None
    made = Heartbeat.objects.filter(job="backup").values_list("at", flat=True).first()
    return {"at": made, "late": made is None or at - made > A_NIGHT_MISSED}
