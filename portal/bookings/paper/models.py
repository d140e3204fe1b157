"""Tickets on paper: the PDF of a booking, for the member of the household who asked for it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from portal.bookings.models import Booking
from progress.leaflets.models import KEPT, Made, MadeQuerySet


class TicketPrintQuerySet(MadeQuerySet):
    def for_user(self, user):
        """The person's own, as long as the booking is their household's. Nobody else sees one, staff neither."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Exists(Booking.objects.own(user).filter(pk=OuterRef("booking"))), asked_by=user)

    def to_be_fetched(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__gt=at - KEPT)

    def to_forget(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__lte=at - KEPT)


class TicketPrint(Made):
    """`digest`: of what stands in it, so that a ticket that says something else by now is not handed out."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="prints", verbose_name=_("booking"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ticket_prints", verbose_name=_("asked by")
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    digest = models.CharField(max_length=64, editable=False)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    objects = TicketPrintQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("ticket on paper")
        verbose_name_plural = _("tickets on paper")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state="waiting"), name="one_ticket_in_the_making_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, ready_at__isnull=False)
                | Q(state__in=["waiting", "failed", "gone"], file__isnull=True),
                name="ticket_ready_has_a_file",
            ),
        ]

    def __str__(self):
        return f"{self.booking_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def kept_until(self):
        return self.ready_at and self.ready_at + KEPT
