"""Editions: what was published of a guide, for whom and from when; and who has read which of them."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import StreamValue

from accounts.models import Owner
from progress import scope

from .pages import GuidePage


class Sort(models.TextChoices):
    """By what an audience is named."""

    KIND = "kind", _("kind of work")
    DEVELOPMENT = "development", _("development")
    BUILDING = "building", _("building")
    HOUSE_TYPE = "house_type", _("house type")
    STAGE = "stage", _("stage")
    ROLE = "role", _("role")


def begun(on, prefix=""):
    """Valid on that day; without a day, from its publication."""
    return Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": on})


class EditionQuerySet(models.QuerySet):
    def published(self, *, on):
        """Valid on that day or before, with a text whose page is live."""
        live = EditionText.objects.filter(edition=OuterRef("pk"), page__live=True)
        return self.filter(Exists(live), begun(on))

    def in_force(self, *, on):
        """Of each guide the highest edition that is valid on that day."""
        newer = self.model.objects.published(on=on).filter(
            guide_key=OuterRef("guide_key"), number__gt=OuterRef("number")
        )
        return self.published(on=on).filter(~Exists(newer))

    def for_home(self, home, *, roles, on):
        """What somebody in any of `roles` reads at `home` on that day: set-based, two queries to learn of the home.

        `for_stage`: whether a guide is for the stage in which the home is, and not for any time.
        """
        from cms.guides.audience import facts_of

        facts = facts_of(home, roles=roles)
        staged = AudienceEntry.objects.filter(edition=OuterRef("pk"), sort=Sort.STAGE, value__in=facts.stages)
        return self.in_force(on=on).filter(facts.matching()).annotate(for_stage=Exists(staged))

    def in_order(self):
        """As they stand in the tree; those for the stage of a home, if it was asked for one, before the others."""
        first = ["-for_stage"] if "for_stage" in self.query.annotations else []
        place = models.Min("texts__page__path", filter=Q(texts__page__live=True))
        return self.annotate(place=place).order_by(*first, "place", "pk")

    def to_tell(self, *, on):
        """Those of which owners shall be told and have not been."""
        return self.in_force(on=on).filter(tell=True, told_at=None)


class Edition(models.Model):
    """One number of a guide, in all languages. `guide_key`: the translation key of its pages."""

    guide_key = models.UUIDField(_("guide"))
    number = models.PositiveIntegerField(_("edition"))
    valid_from = models.DateField(_("valid from"), null=True)
    published_at = models.DateTimeField(_("published"))
    tell = models.BooleanField(_("owners are told"), default=False)
    told_at = models.DateTimeField(pgettext_lazy("when owners were told", "told"), null=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["guide_key", "number"]
        verbose_name = _("edition of a guide")
        verbose_name_plural = _("editions of guides")
        constraints = [
            models.UniqueConstraint(fields=["guide_key", "number"], name="edition_once_a_guide"),
            models.CheckConstraint(condition=Q(told_at__isnull=True) | Q(tell=True), name="edition_told_if_asked"),
        ]
        indexes = [
            models.Index(fields=["valid_from"], condition=Q(tell=True, told_at__isnull=True), name="edition_to_tell")
        ]

    def __str__(self):
        return f"{self.guide_key} {self.number}"


class AudienceEntry(models.Model):
    """One of those whom an edition is for. `value`: a code, or the id of a place, of which it stays a copy:
    a building that is taken out of the portal makes a guide for nobody, not for everybody."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="audience")
    sort = models.CharField(max_length=12, choices=Sort)
    value = models.CharField(max_length=40)

    class Meta:
        ordering = ["edition", "sort", "value"]
        verbose_name = _("audience of a guide")
        verbose_name_plural = _("audiences of guides")
        constraints = [models.UniqueConstraint(fields=["edition", "sort", "value"], name="audience_entry_once")]

    def __str__(self):
        return f"{self.sort} {self.value}"


class EditionTextQuerySet(models.QuerySet):
    def readable(self, *, on):
        """Of live pages, valid on that day or before."""
        return self.filter(begun(on, "edition__"), page__live=True)

    def mentioning(self, words):
        """Those in which each of the words stands, in the title, the lead or the body."""
        found = self
        for word in words:
            in_text = Q(title__icontains=word) | Q(lead__icontains=word) | Q(words__icontains=word)
            found = found.filter(in_text)
        return found


class EditionText(models.Model):
    """An edition in one language, as it was published. A correction of the wording amends it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="texts")
    page = models.ForeignKey(GuidePage, on_delete=models.CASCADE, related_name="editions")
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=255)
    lead = models.TextField(_("in two sentences"), blank=True)
    blocks = models.JSONField(_("body"), default=list)
    sections = models.JSONField(_("sections"), default=list)  # [{"title", "digest"}], as the readers see them
    words = models.TextField(blank=True)  # of the body, to be looked through; without fees, which not all may see
    what_changed = models.TextField(_("what has changed"), blank=True)
    published_at = models.DateTimeField(_("published"))
    amended_at = models.DateTimeField(_("amended"), null=True)

    objects = EditionTextQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "language"]
        verbose_name = _("text of an edition")
        verbose_name_plural = _("texts of editions")
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="edition_text_once_a_language")]

    def __str__(self):
        return self.title

    @property
    def body(self):
        """As a page's body is: blocks that can be rendered."""
        return StreamValue(GuidePage._meta.get_field("body").stream_block, self.blocks, is_lazy=True)

    @property
    def translation_key(self):
        return self.edition.guide_key


class GuideReadingQuerySet(models.QuerySet):
    def for_user(self, user):
        """What this person has read."""
        own = user.is_authenticated and user.is_active
        return self.filter(owner__user=user) if own else self.filter(scope.NOTHING)


class GuideReading(models.Model):
    """When an owner first opened an edition of a guide."""

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="guide_readings", verbose_name=_("owner"))
    guide_key = models.UUIDField(_("guide"))
    number = models.PositiveIntegerField(_("edition"))
    at = models.DateTimeField(_("read"))

    objects = GuideReadingQuerySet.as_manager()

    class Meta:
        ordering = [F("at").desc()]
        verbose_name = _("reading of a guide")
        verbose_name_plural = _("readings of guides")
        constraints = [
            models.UniqueConstraint(fields=["owner", "guide_key", "number"], name="reading_once_an_edition"),
        ]
        indexes = [models.Index(fields=["guide_key", "number"], name="reading_of_edition")]

    def __str__(self):
        return f"{self.owner_id} {self.guide_key} {self.number}"
