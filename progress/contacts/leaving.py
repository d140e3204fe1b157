"""Somebody who leaves still stands on the owners' pages as theirs, until a colleague takes over."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.leaving import register
from progress.staff.work import InPlaces

from .actions import hand_over_all
from .models import Contact


@register
class Contacts(InPlaces):
    """They pass to a colleague of the same places, whom the owners are told of at once."""

    label = _("Owners know them as the person who looks after their home")
    model, path = Contact, "development"

    def of(self, user):
        return Contact.objects.filter(user=user, followed_by=None, until=None)

    def shown(self, rows):
        rows = rows.select_related("development", "home__development", "home__building", "journey__template")
        return [
            (f"{row.get_role_display()}: {row.place}", reverse("desk_contact:inspect", args=[row.pk])) for row in rows
        ]

    def hand_over(self, user, *, to, by, at):
        posts = to.assignments.live()
        theirs = self.of(user)
        if not (to.is_superuser or posts.filter(development=None).exists()):
            theirs = theirs.filter(development__in=posts.values("development"))
        today = timezone.localdate(at)
        return hand_over_all(user=user, contacts=theirs, to=to, on=today, by=by, today=today, at=at)
