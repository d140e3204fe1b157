"""Service sheets: what was done at a home, as its owner signed it, and the PDF that a worker makes of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import one_line
from portal.tickets.models import Ticket
from progress.leaflets.models import Made, MadeQuerySet

from .scoped import OfTicket

LONGEST = 2000
LONGEST_DAY = 24 * 60  # minutes


class ServiceSheetQuerySet(MadeQuerySet, OfTicket):
    """Seen by whoever sees the ticket: never by whoever has the home next."""


class ServiceSheet(Made):
    """Signed on the spot, never changed. `id` comes from the form; `asked_at` is when it reached us."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("ticket"))
    work_en = models.TextField(_("work done, in English"), max_length=LONGEST, blank=True)
    work_zh = models.TextField(_("work done, in Chinese"), max_length=LONGEST, blank=True)
    materials = models.TextField(_("materials used"), max_length=LONGEST, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("time taken, in minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAY)]
    )
    cost = models.DecimalField(
        _("to be paid, in yuan"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Empty: nothing is to be paid."),
    )
    signed_name = models.CharField(_("signed by"), max_length=80, validators=[one_line])
    signed_at = models.DateTimeField(_("signed"))
    signature = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+", editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("work done by")
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    pdf = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = ServiceSheetQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "pk"]
        verbose_name = _("service sheet")
        verbose_name_plural = _("service sheets")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", pdf__isnull=False, ready_at__isnull=False)
                | Q(state__in=["waiting", "failed", "gone"], pdf__isnull=True),
                name="service_sheet_ready_has_its_pdf",
            ),
            models.CheckConstraint(condition=~Q(work_en="") | ~Q(work_zh=""), name="service_sheet_says_what_was_done"),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, LONGEST_DAY)) & (Q(cost__isnull=True) | Q(cost__gte=0)),
                name="service_sheet_in_bounds",
            ),
        ]

    def __str__(self):
        return f"{self.ticket_id} {self.signed_at:%Y-%m-%d}"

    @property
    def work(self):
        return LocalizedText.of(self, "work")
