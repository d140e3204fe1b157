"""What households have ticked off in their guides, and what falls due for whom."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.languages import LocalizedText
from accounts.models import Owner
from progress import scope
from progress.journeys.models import Milestone
from progress.models import Home
from progress.promises.models import OPEN, Promise

REMINDED_BEFORE = timedelta(days=3)


class TickQuerySet(models.QuerySet):
    def for_user(self, user):
        """What this person's households have ticked; for staff, what was ticked in their developments."""
        return self.filter(
            scope.of_own_homes(user, "home", "home") | scope.of_assigned(user, self.model, "home__development")
        )

    def of_household(self):
        """What the people who live there now have ticked, not those before them."""
        return self.filter(ended_at=None)

    def of_guide(self, key):
        return self.filter(guide_key=key)

    def in_order(self):
        """In the order in which it was done, which is not that in which it arrived: the last one counts."""
        return self.order_by("made_at", "at", "pk")

    def last(self):
        """Of each entry at each home the one that counts: no other was made after it."""
        later = self.model.objects.of_household().filter(
            home=models.OuterRef("home"), guide_key=models.OuterRef("guide_key"), item=models.OuterRef("item")
        )
        later = later.filter(
            Q(made_at__gt=models.OuterRef("made_at"))
            | Q(made_at=models.OuterRef("made_at"), at__gt=models.OuterRef("at"))
            | Q(made_at=models.OuterRef("made_at"), at=models.OuterRef("at"), pk__gt=models.OuterRef("pk"))
        )
        return self.of_household().filter(~models.Exists(later))


class Tick(models.Model):
    """An entry of a guide ticked off, or the tick taken back. Rows are only added: what stands is the last one.

    `id` comes from the form, so that one sent twice counts once. `item` is the id of the entry in the page, the same
    in both languages. `made_at`: when it was done, which for a phone without signal is before `at`, when it arrived.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="ticks", verbose_name=_("home"))
    guide_key = models.UUIDField(_("guide"))
    item = models.CharField(_("entry"), max_length=36)
    ticked = models.BooleanField(_("ticked"))
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="ticks", verbose_name=_("ticked by"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("login")
    )
    made_at = models.DateTimeField(_("done at"))
    at = models.DateTimeField(_("arrived at"))
    ended_at = models.DateTimeField(_("household left"), null=True, editable=False)

    objects = TickQuerySet.as_manager()

    class Meta:
        ordering = ["home", "made_at", "at", "id"]
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")
        constraints = [
            models.CheckConstraint(condition=Q(made_at__lte=models.F("at")), name="tick_made_before_it_arrives"),
            models.CheckConstraint(condition=~Q(item=""), name="tick_names_an_entry"),
        ]
        indexes = [
            models.Index(fields=["home", "guide_key", "item", "made_at"], name="tick_of_entry"),
            models.Index(fields=["guide_key", "home"], name="tick_of_guide"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="tick_of_former"),
        ]

    def __str__(self):
        return f"{self.item} {self.made_at:%Y-%m-%d %H:%M}"


class DueItemQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(
            scope.of_own_homes(user, "home", "home") | scope.of_assigned(user, self.model, "home__development")
        )

    def standing(self):
        """Those whose guide is for the home, with a day."""
        return self.filter(gone=False)

    def to_release(self):
        """Those whose promise no longer applies: void already, or still open though there is nothing left to do."""
        void = Q(promise__state=Promise.State.VOID)
        return self.filter(void | Q(promise__state__in=OPEN) & (Q(gone=True) | Q(ours=False)))

    def to_promise(self, *, on):
        """Ours, due on that day or later, and not promised yet."""
        return self.standing().filter(ours=True, promise=None, due_on__gte=on)

    def unticked(self):
        """Those whose household has not ticked them, or has taken the tick back."""
        same = {name: models.OuterRef(name) for name in ("home", "guide_key", "item")}
        ticks = Tick.objects.of_household().filter(**same).order_by("-made_at", "-at", "-pk")
        return self.annotate(is_ticked=Coalesce(models.Subquery(ticks.values("ticked")[:1]), False)).filter(
            is_ticked=False
        )

    def to_remind(self, *, on):
        """The household's own that fall due within three days, of which it was not reminded yet."""
        soon = self.standing().filter(ours=False, due_on__gte=on, due_on__lte=on + REMINDED_BEFORE)
        return soon.exclude(reminded_on=models.F("due_on")).unticked()

    def to_move(self):
        """Those whose promise is open, but for another day."""
        rows = self.standing().filter(ours=True, promise__state__in=OPEN)
        return rows.exclude(promised_on=models.F("due_on"))


class DueItem(models.Model):
    """An entry of a guide that has a day at a home, as the sweep last found it.

    `promised_on` is the day for which `promise` stands, `reminded_on` the one of which the household was reminded.
    `round` counts how often a promise no longer applied: it is never taken up again, the next one is another. The
    words are those of the guide as it stood last; so what was promised can be read when the guide is long gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="due_items", verbose_name=_("home"))
    guide_key = models.UUIDField(_("guide"), editable=False)
    item = models.CharField(_("entry"), max_length=36, editable=False)
    text_en = models.CharField(_("text in English"), max_length=200, blank=True, editable=False)
    text_zh = models.CharField(_("text in Chinese"), max_length=200, blank=True, editable=False)
    ours = models.BooleanField(_("we do it"), editable=False)
    milestone = models.ForeignKey(Milestone, on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    due_on = models.DateField(_("due"), editable=False)
    gone = models.BooleanField(default=False, editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    promise = models.OneToOneField(
        Promise, on_delete=models.PROTECT, null=True, related_name="due_item", editable=False
    )
    promised_on = models.DateField(null=True, editable=False)
    reminded_on = models.DateField(null=True, editable=False)

    objects = DueItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("entry that falls due")
        verbose_name_plural = _("entries that fall due")
        constraints = [
            models.UniqueConstraint(fields=["home", "guide_key", "item"], name="entry_due_once_a_home"),
            models.CheckConstraint(
                condition=Q(promise__isnull=True) | Q(promised_on__isnull=False), name="entry_promised_for_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["guide_key", "item"], condition=Q(gone=False), name="entry_of_guide"),
            models.Index(fields=["due_on"], condition=Q(gone=False), name="entry_due"),
        ]

    def __str__(self):
        return str(self.text)

    def news(self, wanted):
        """Of what the guide and the milestone say, a dict of fields, that which it does not have yet."""
        return {name: value for name, value in wanted.items() if getattr(self, name) != value}

    @property
    def text(self):
        return LocalizedText.of(self, "text")
