"""A ticket as a PDF, for whoever asked for it: what happened and what was said; staff may have their notes in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from portal.tickets.models import Ticket
from progress import scope
from progress.leaflets.models import KEPT, Made, MadeQuerySet


class TicketPaperQuerySet(MadeQuerySet):
    def for_user(self, user):
        """The person's own, as long as they see the ticket; with notes only as long as they work where it is."""
        if not user.is_authenticated:
            return self.none()
        staff = scope.of_assigned(user, Ticket, "ticket__development")
        people = Q(ticket__in=Ticket.objects.of_people(user), with_notes=False)
        return self.filter(people | staff, asked_by=user)

    def to_be_fetched(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__gt=at - KEPT)

    def to_forget(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__lte=at - KEPT)


class TicketPaper(Made):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="papers", verbose_name=_("ticket"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    with_notes = models.BooleanField(_("with internal notes"), default=False)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    objects = TicketPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("ticket as PDF")
        verbose_name_plural = _("tickets as PDF")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state="waiting"), name="one_ticket_paper_in_the_making_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, ready_at__isnull=False)
                | Q(state__in=["waiting", "failed", "gone"], file__isnull=True),
                name="ticket_paper_ready_has_a_file",
            ),
        ]

    def __str__(self):
        return f"{self.ticket_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def kept_until(self):
        return self.ready_at and self.ready_at + KEPT
