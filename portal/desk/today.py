"""What the desk opens with: what is planned, what went wrong, and how much there is to look after."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from accounts.models import Owner
from accounts.notices.models import Notice
from progress.journeys.models import Journey
from progress.models import Home
from progress.promises.models import Promise
from progress.scope import may_view
from progress.updates.models import Update

from .scoped import within
from .undelivered import undelivered


class Today(Component):
    """At most one query a line, whatever the number of homes."""

    name = "today"
    template_name = "desk/today.html"
    order = 10

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        updates = within(Update, self.user).select_related("development")
        return {
            "scheduled": updates.filter(state=Update.State.SCHEDULED).order_by("publish_at")[:6],
            "drafts": updates.filter(state=Update.State.DRAFT).order_by("-created_at")[:6],
            "counts": list(self.counts()),
            "may_post": self.user.has_perm("updates.add_update"),
        }

    def counts(self):
        """(number, label, address, tone) of what this person may see; what they owe themselves stands first."""
        if may_view(self.user, Promise):
            mine = within(Promise, self.user).open().answered_by(self.user)
            late = mine.filter(due_at__lt=timezone.now()).exists()
            yield mine.count(), _("promises of mine"), reverse("desk_updates:my-day"), "warning" if late else ""
        if may_view(self.user, Notice):
            failed = undelivered(self.user).count()
            yield failed, _("undelivered messages"), reverse("desk_undelivered:index"), "warning" if failed else "quiet"
        for model, label, tone in ((Home, _("homes"), ""), (Owner, _("owners"), ""), (Journey, _("journeys"), "")):
            if may_view(self.user, model):
                yield within(model, self.user).count(), label, reverse(f"desk_{model._meta.model_name}:index"), tone
