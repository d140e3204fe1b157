"""Enquiries: somebody asks for a home, a renovation or a repair, before there is a contract."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.languages import LocalizedText
from accounts.links import check_mac, make_mac
from accounts.models import one_line
from progress import scope
from progress.models import Development

PURPOSE = "enquiry"


class ConsentTextManager(models.Manager):
    def current(self):
        """The words to which people agree today."""
        return self.order_by("-version").first()


class ConsentText(models.Model):
    """What whoever asks agrees to, version by version. Never changed: what was agreed to can be shown for ever."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    text_en = models.TextField(_("text in English"), max_length=2000)
    text_zh = models.TextField(_("text in Chinese"), max_length=2000)
    since = models.DateTimeField(_("since"))

    objects = ConsentTextManager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [
            models.CheckConstraint(condition=~Q(text_en="") & ~Q(text_zh=""), name="consent_in_both_languages")
        ]

    def __str__(self):
        return _("Version %(number)d") % {"number": self.version}

    @property
    def text(self):
        return LocalizedText.of(self, "text")

    def text_in(self, language):
        """As it was read by whoever agreed in `language`."""
        return LocalizedText.of(self, "text", language)


class EnquiryQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the developments assigned to this member of staff; of none, for whoever works everywhere."""
        return self.filter(scope.of_assigned(user, self.model, "development"))

    def new(self):
        return self.filter(state=Enquiry.State.NEW)

    def going_on(self):
        return self.exclude(state__in=ENDED)

    def waiting_first(self):
        """Emergencies that nobody has answered, then what is new, the oldest first; what is ended comes last."""
        urgent = When(emergency=True, state=Enquiry.State.NEW, then=0)
        places = [When(state=state, then=place) for place, state in enumerate(Enquiry.State.values, 1)]
        return self.order_by(Case(urgent, *places, output_field=models.SmallIntegerField()), "created_at", "pk")


class Enquiry(models.Model):
    """What somebody wishes, and how to reach them. The reference is for the telephone; it opens nothing."""

    class Kind(models.TextChoices):
        NEW_HOME = "new_home", _("A new home")
        RENOVATION = "renovation", _("Fitting out a home that I receive")
        REFURBISHMENT = "refurbishment", _("Refurbishing a home that I live in")
        REPAIR = "repair", _("A repair, or a survey of a fault")

    class Start(models.TextChoices):
        SOON = "soon", _("As soon as possible")
        MONTH = "month", _("Within a month")
        QUARTER = "quarter", _("Within three months")
        HALF_YEAR = "half_year", _("Within half a year")
        LATER = "later", _("Later, or I don't know yet")

    class Hours(models.TextChoices):
        ANY = "any", _("Whenever you are there")
        MORNING = "morning", _("In the morning")
        AFTERNOON = "afternoon", _("In the afternoon")
        EVENING = "evening", _("In the evening, before 20:00")

    class Part(models.TextChoices):
        MORNING = "morning", _("Morning")
        AFTERNOON = "afternoon", _("Afternoon")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("an enquiry", "new")
        CONFIRMED = "confirmed", pgettext_lazy("an enquiry", "confirmed")
        CONTACTED = "contacted", pgettext_lazy("an enquiry", "talked with")
        CLOSED = "closed", pgettext_lazy("an enquiry", "closed")
        SPAM = "spam", pgettext_lazy("an enquiry", "spam")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("number"), max_length=9, unique=True)
    kind = models.CharField(_("what it is about"), max_length=14, choices=Kind)
    emergency = models.BooleanField(_("emergency"), default=False)
    development = models.ForeignKey(
        Development,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("development"),
    )
    estate = models.CharField(_("estate"), max_length=120, blank=True, validators=[one_line])
    address = models.CharField(_("address"), max_length=200, blank=True, validators=[one_line])
    area = models.DecimalField(_("area in m²"), max_digits=7, decimal_places=1, null=True, blank=True)
    received_on = models.DateField(_("home received on"), null=True, blank=True)
    residents = models.PositiveSmallIntegerField(_("residents"), null=True, blank=True)
    start = models.CharField(_("wished start"), max_length=10, choices=Start, blank=True)
    focus = models.TextField(_("what matters most"), max_length=1000, blank=True)
    budget = models.PositiveBigIntegerField(_("budget in yuan"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=80, validators=[one_line])
    phone = PhoneNumberField(_("telephone"))
    email = models.EmailField(_("e-mail"), blank=True)
    call_when = models.CharField(_("when to call"), max_length=10, choices=Hours, default=Hours.ANY)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    survey_on = models.DateField(_("survey wished for"), null=True, blank=True)
    survey_part = models.CharField(_("part of the day"), max_length=10, choices=Part, blank=True)
    consent = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="+", verbose_name=_("what was agreed to")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("who looks after it"),
    )
    outcome = models.CharField(_("what came of it"), max_length=200, blank=True, validators=[one_line])
    created_at = models.DateTimeField(_("received"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["new", "confirmed", "contacted"], ended_at__isnull=True)
                | Q(state__in=["closed", "spam"], ended_at__isnull=False),
                name="enquiry_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(survey_on__isnull=True, survey_part="")
                | (Q(survey_on__isnull=False) & Q(survey_part__in=["morning", "afternoon"])),
                name="enquiry_survey_is_whole",
            ),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(outcome=""), name="enquiry_closed_with_a_word"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(phone=""), name="enquiry_of_somebody"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="new"), name="enquiry_new"),
            models.Index(fields=["phone", "created_at"], name="enquiry_phone"),
            models.Index(fields=["handled_by", "state"], name="enquiry_handled"),
        ]

    def __str__(self):
        return f"{self.reference} · {self.get_kind_display()}"

    @property
    def is_new(self):
        return self.state == self.State.NEW

    @property
    def is_ended(self):
        return self.state in ENDED

    @property
    def place(self):
        """Where it is, as whoever asked has said it."""
        return ", ".join(str(words) for words in (self.development or self.estate, self.address) if words)

    @property
    def time_zone(self):
        return self.development.time_zone if self.development else settings.TIME_ZONE

    @property
    def agreed_to(self):
        return self.consent.text_in(self.language)

    @property
    def mac(self):
        """Stands in the address of the page that says thank you."""
        return make_mac(PURPOSE, self.pk, 1)

    def opens_with(self, mac):
        return check_mac(PURPOSE, self.pk, 1, mac)


ENDED = (Enquiry.State.CLOSED, Enquiry.State.SPAM)


class Note(models.Model):
    """What staff wrote down about it, or what was sent once more. Nobody outside reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("note on an enquiry")
        verbose_name_plural = _("notes on enquiries")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="enquiry_note_says_something")]

    def __str__(self):
        return str(self.pk)
