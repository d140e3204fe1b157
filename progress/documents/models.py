"""Documents of a home: contracts, plans, permits, invoices, certificates, reports, each in its versions."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from progress import scope
from progress.journeys.models import Journey
from progress.models import FOLLOWS_PROGRESS, Home, Ownership, Role


class Kind(models.TextChoices):
    CONTRACT = "contract", pgettext_lazy("a document", "Contract")
    PLAN = "plan", pgettext_lazy("a document", "Plan")
    PERMIT = "permit", pgettext_lazy("a document", "Permit")
    INVOICE = "invoice", pgettext_lazy("a document", "Invoice")
    CERTIFICATE = "certificate", pgettext_lazy("a document", "Certificate")
    REPORT = "report", pgettext_lazy("a document", "Report")


class MinRole(models.TextChoices):
    """The least that one must be to a home to see a document of it."""

    OWNER = "owner", _("owners and co-owners")
    FAMILY = "family", _("owners and their family")
    TENANT = "tenant", _("everyone who lives there, tenants too")


OWNERS = (Role.OWNER, Role.CO_OWNER)
REACHES = {MinRole.OWNER: OWNERS, MinRole.FAMILY: FOLLOWS_PROGRESS, MinRole.TENANT: tuple(Role)}
# What passes between the company and these owners; it does not pass on to whoever buys the home from them.
PRIVATE_KINDS = (Kind.CONTRACT, Kind.INVOICE)


def usual_min_role(kind):
    """Who sees a document of this kind unless staff say otherwise."""
    return MinRole.OWNER if kind in PRIVATE_KINDS else MinRole.FAMILY


class DocumentBatch(models.Model):
    """What was sent at once. Its files wait for a look at where they go; published, its owners are told once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, editable=False)

    def __str__(self):
        return str(self.pk)


class WaitingFile(models.Model):
    """One file of a batch that nobody has said yes to: kept with its name, or refused with the reason."""

    batch = models.ForeignKey(DocumentBatch, on_delete=models.CASCADE, related_name="waiting")
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    problem = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, problem="") | (Q(file__isnull=True) & ~Q(problem="")),
                name="waiting_file_is_kept_or_refused",
            ),
        ]

    def __str__(self):
        return self.file_name


class HomeDocumentQuerySet(models.QuerySet):
    def for_user(self, user):
        """For those who live there: what their role opens to them. For staff: their developments' documents."""
        mine = self.model.objects.held_by(user).order_by()
        return self.filter(Q(pk__in=mine.values("pk")) | scope.of_assigned(user, self.model, "home__development"))

    def held_by(self, user):
        """What the person sees as somebody of the home, whatever else they may see as staff."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.opened_by(Ownership.objects.live().filter(owner__user=user, owner__erased_at__isnull=True))

    def held_by_owner(self, owner):
        """The same for a customer record, which may have no login."""
        return self.opened_by(Ownership.objects.live().filter(owner=owner, owner__erased_at__isnull=True))

    def opened_by(self, ownerships):
        """What these live ownerships open: by role, not withdrawn, and nothing private of those before them."""
        by_role = scope.NOTHING
        for min_role, roles in REACHES.items():
            by_role |= Q(min_role=min_role, home__in=ownerships.filter(role__in=roles).values("home"))
        return self.current().filter(by_role, ~Q(kind__in=PRIVATE_KINDS) | still_theirs())

    def current(self):
        return self.filter(withdrawn_at__isnull=True)

    def search(self, words):
        """Those in which each of the words stands: in a title, the file's name, or the kind in either language."""
        found = self
        for word in words.split():
            kinds = [kind for kind, names in KIND_NAMES.items() if any(word.casefold() in name for name in names)]
            in_text = Q(title_en__icontains=word) | Q(title_zh__icontains=word) | Q(file_name__icontains=word)
            found = found.filter(in_text | Q(kind__in=kinds))
        return found


def still_theirs():
    """Whether one of those for whom a private document was meant is still owner or co-owner of its home."""
    live = Ownership.objects.live().filter(role__in=OWNERS, home=OuterRef("home"))
    return Q(Exists(live.filter(owner__private_documents=OuterRef("pk"))))


KIND_NAMES = {
    Kind.CONTRACT: ("contract", "合同"),
    Kind.PLAN: ("plan", "图纸"),
    Kind.PERMIT: ("permit", "许可证"),
    Kind.INVOICE: ("invoice", "发票"),
    Kind.CERTIFICATE: ("certificate", "证书"),
    Kind.REPORT: ("report", "报告"),
}


class HomeDocument(models.Model):
    """One version of one document. Nothing is ever deleted: it is replaced by the next version, or withdrawn.

    `private_to` names the owners a contract or an invoice is meant for. It opens to the owners and co-owners of the
    home as long as one of these is still among them: a spouse who joins sees it, whoever buys the home does not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="documents", verbose_name=_("home"))
    journey = models.ForeignKey(
        Journey,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("job"),
    )
    batch = models.ForeignKey(DocumentBatch, on_delete=models.PROTECT, editable=False, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, validators=[one_line])
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, editable=False, related_name="+")
    file_name = models.CharField(_("file"), max_length=200, editable=False)
    min_role = models.CharField(_("for whom"), max_length=10, choices=MinRole)
    private_to = models.ManyToManyField(Owner, editable=False, related_name="private_documents")
    series = models.UUIDField(default=uuid.uuid4, editable=False)  # the same for all versions
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="replaced_by"
    )
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_reason = models.CharField(_("withdrawn because"), max_length=200, blank=True, editable=False)

    objects = HomeDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-version"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="document_version_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=["contract", "invoice"]) | Q(min_role="owner"),
                violation_error_message=_("Contracts and invoices are for owners and co-owners only."),
                name="document_private_kind_for_owners",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="document_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(version=1, replaces__isnull=True) | Q(version__gt=1, replaces__isnull=False),
                name="document_later_version_replaces_one",
            ),
        ]
        indexes = [
            models.Index(fields=["home", "kind"], name="document_of_home"),
            models.Index(fields=["-created_at", "-version"], name="document_newest"),  # the desk's list, page by page
        ]

    def __str__(self):
        return str(self.title) or str(self.get_kind_display())

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    @property
    def download_name(self):
        """What the file is called where it is saved, without an ending."""
        return str(self).replace("/", "-").replace("\\", "-")

    @property
    def is_private(self):
        return self.kind in PRIVATE_KINDS
