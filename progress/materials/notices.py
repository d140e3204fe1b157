"""What a household is told about a recall; registered in `MaterialsConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from progress.models import Ownership

from .models import RecalledHome
from .promises import RECALLED


@register(RECALLED)
class MaterialRecalled(Kind):
    """To everybody of the household, the tenant too: whoever uses it should know. Once a person and round."""

    label = gettext_lazy("A material in your home is recalled")
    topic = topics.CARE
    mandatory = True
    model = RecalledHome
    channels = (INBOX, EMAIL, SMS)
    action = gettext_lazy("See what to do")
    why = gettext_lazy("You receive this message because what is recalled is built into your home.")

    def subjects(self):
        return RecalledHome.objects.with_places().prefetch_related("materials")

    def still_true(self, found):
        return found.is_standing

    def still_concerns(self, found, person):
        """One query for all whom a batch tells of it."""
        if not hasattr(found, "household"):
            ties = Ownership.objects.live().filter(home=found.home_id)
            found.household = set(ties.values_list("owner", flat=True))
        return person.pk in found.household

    def zone(self, found):
        return found.home.development.time_zone

    def title(self, found):
        return _("Recall: %(title)s") % {"title": found.recall}

    def paragraphs(self, found):
        todo = found.recall.todo
        by = date_format(localtime(found.due_at), "DATE_FORMAT")
        return [
            _("Its maker recalls something that is built into %(home)s: %(materials)s.")
            % {"home": found.home, "materials": ", ".join(dict.fromkeys(map(str, found.materials.all())))},
            *(todo.part(line) for line in todo.splitlines() if line.strip()),
            _("We deal with it by %(day)s.") % {"day": by},
            *([_("Telephone: %(number)s") % {"number": found.recall.telephone}] if found.recall.telephone else []),
        ]

    def sms(self, found):
        return _("Recall in your home: %(title)s. Please read what to do.") % {"title": found.recall}

    def url(self, found):
        return reverse("home:recall", args=[found.pk])
