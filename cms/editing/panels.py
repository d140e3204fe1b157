"""What the desk opens with for editors: what is dated and not scheduled, and what is not translated."""

from django.db.models import Count
from django.utils import timezone
from wagtail.admin.ui.components import Component

from . import dated
from .reports import editable, to_translate
from .translating import State

SHOWN = 6


class PagesToDo(Component):
    """A query a list, whatever the number of pages."""

    name = "pages_to_do"
    template_name = "cms/editing/to_do.html"
    order = 20

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        drafts = dated.unscheduled(editable(self.user))
        return {
            "drafts": list(drafts[:SHOWN]),
            "more": max(0, drafts.count() - SHOWN),
            "now": timezone.now(),
            "translations": self.translations(),
        }

    def translations(self):
        """[(number, State)] of those that need something."""
        counted = to_translate(self.user).order_by().values("translation_state").annotate(number=Count("pk"))
        found = {row["translation_state"]: row["number"] for row in counted}
        return [(found[state], state) for state in State if state != State.CURRENT and state in found]
