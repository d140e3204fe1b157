"""What a home is made of: maker, product and batch of what was built in."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import one_line
from progress import scope
from progress.components.models import Component
from progress.journeys.models import Journey
from progress.models import FOLLOWS_PROGRESS, Home

from ..wording import key_of

KEYED = ("maker", "product", "batch")
THERE_ALREADY = _("This material is noted for this home already.")


class MaterialQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the person's own homes, for whoever follows their progress; for staff, where they work."""
        return self.filter(
            scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS)
            | scope.of_assigned(user, self.model, "home__development")
        )

    def built_in(self):
        """What is still there."""
        return self.filter(removed_on=None)

    def with_places(self):
        return self.select_related("component__parent", "journey__template")

    def search(self, words):
        """Those in which each of the words stands somewhere, whatever its case, width and spaces."""
        found = self
        for word in filter(None, map(key_of, words.split())):
            said = Q(maker_key__contains=word) | Q(product_key__contains=word) | Q(batch_key__contains=word)
            said |= Q(telephone__icontains=word) | Q(contact__icontains=word) | Q(note__icontains=word)
            for path in ("component", "component__parent"):
                names = ("name_en", "name_zh", "words")
                for name in names:
                    said |= Q(**{f"{path}__{name}__icontains": word})
            found = found.filter(said)
        return found

    def touched_by(self, recall):
        """What is built in somewhere and recalled: by maker, by product where one is named, and by batch.

        Of a recall of certain batches, what has no batch noted is touched only where `recall.unknown_too`.
        """
        found = self.built_in().filter(maker_key=recall.maker_key)
        if recall.product_key:
            found = found.filter(product_key=recall.product_key)
        if not recall.names_batches:
            return found
        keys = found.order_by().exclude(batch_key="").values_list("batch_key", flat=True).distinct()
        recalled = Q(batch_key__in=[key for key in keys if recall.names(key)])
        return found.filter(recalled | Q(batch_key="") if recall.unknown_too else recalled)


def keys_of(values):
    """{field: key} of maker, product and batch; one written in signs that grow when they are folded is cut."""
    longest = {name: Material._meta.get_field(f"{name}_key").max_length for name in KEYED}
    return {f"{name}_key": key_of(values.get(name))[: longest[name]] for name in KEYED}


class Material(models.Model):
    """One product built into one home. Its keys are what recalls and imports tell it by; see `wording.key_of`.

    `removed_on` is the day on which it was taken out; it stays on the list, and recalls pass over it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="materials", verbose_name=_("home"))
    journey = models.ForeignKey(
        Journey,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("journey"),
        editable=False,
    )
    component = models.ForeignKey(
        Component,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("a material", "where it is"),
    )
    maker = models.CharField(_("maker"), max_length=80, validators=[one_line])
    product = models.CharField(_("product"), max_length=120, validators=[one_line])
    batch = models.CharField(pgettext_lazy("of a material", "batch"), max_length=60, blank=True, validators=[one_line])
    telephone = models.CharField(
        pgettext_lazy("of a maker", "telephone"), max_length=40, blank=True, validators=[one_line]
    )
    contact = models.CharField(
        _("contact"), max_length=120, blank=True, validators=[one_line], help_text=_("Whom to ask for at the maker.")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, validators=[one_line], help_text=_("Owners read it: colour, size, care.")
    )
    installed_on = models.DateField(_("built in on"), null=True, blank=True)
    removed_on = models.DateField(_("taken out on"), null=True, blank=True)
    maker_key = models.CharField(max_length=160, editable=False)
    product_key = models.CharField(max_length=240, editable=False)
    batch_key = models.CharField(max_length=120, blank=True, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["component__parent__order", "component__order", "product", "pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            models.UniqueConstraint(
                fields=["home", "component", "maker_key", "product_key", "batch_key"],
                condition=Q(removed_on__isnull=True, component__isnull=False),
                name="material_once_a_component",
                violation_error_message=THERE_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["home", "maker_key", "product_key", "batch_key"],
                condition=Q(removed_on__isnull=True, component__isnull=True),
                name="material_once_a_home",
                violation_error_message=THERE_ALREADY,
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True)
                | Q(installed_on__isnull=True)
                | Q(removed_on__gte=models.F("installed_on")),
                name="material_removed_after_it_came",
                violation_error_message=_("It cannot be taken out before it was built in."),
            ),
            models.CheckConstraint(condition=~Q(maker_key="") & ~Q(product_key=""), name="material_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["maker_key", "product_key", "batch_key"], name="material_recalled"),
        ]

    def __str__(self):
        return f"{self.maker} {self.product}"

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        for name, value in keys_of({name: getattr(self, name) for name in KEYED}).items():
            setattr(self, name, value)

    def clean_fields(self, exclude=None):
        self.set_keys()
        super().clean_fields(exclude=exclude)
