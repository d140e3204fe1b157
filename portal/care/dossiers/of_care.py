"""The sections on the care of a home: checks, repairs, warranties and materials."""

from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.care.checks.models import Check, Result, ResultPhoto
from portal.tickets.models import Ticket
from progress.materials.models import Material
from progress.warranties.models import Warranty

from .former import moved_in_at
from .of_home import day
from .sections import Chapter, Original, Section, Table, section


def _plain(value):
    """A number without the noughts at its end."""
    return number_format(Decimal(f"{value.normalize():f}"))


@section(order=40)
class Checks(Section):
    title = gettext_lazy("Checks")

    def chapter(self, reading):
        """Those that were signed, item by item. Of those that a former household signed: what was found, no notes."""
        results = Result.objects.filter(stands=True).select_related("item").order_by("item__order", "item__pk")
        checks = self._signed(reading).prefetch_related(Prefetch("results", results, to_attr="found"))
        since = moved_in_at(reading.home)
        return Chapter([self._table(check, since) for check in checks.order_by("-found_on", "pk")])

    @staticmethod
    def _signed(reading):
        own = Check.objects.for_user(reading.user).filter(of_former_household=False)
        return own.filter(home=reading.home, stage=Check.Stage.SIGNED).select_related("form")

    def _table(self, check, since):
        columns = [_("What was looked at"), pgettext("of a check", "Found"), _("Measured"), _("Note")]
        with_notes = since is None or check.signed_at >= since
        rows = [self._row(result, with_notes) for result in check.found]
        heading = _("%(check)s, %(day)s") % {"check": check.form.name, "day": day(check.found_on)}
        return Table(columns, rows, heading)

    @staticmethod
    def _row(result, with_notes):
        measured = "" if result.value is None else f"{_plain(result.value)} {result.item.unit}"
        return [result.item.text, result.get_verdict_display(), measured, result.note if with_notes else ""]

    def originals(self, reading):
        """Photos of the rooms of whoever lived there before are theirs."""
        checks, since = self._signed(reading), moved_in_at(reading.home)
        checks = checks.filter(signed_at__gte=since) if since else checks
        photos = ResultPhoto.objects.filter(result__check_of__in=checks.order_by(), result__stands=True)
        photos = photos.select_related("file", "result__item", "result__check_of__form")
        for photo in photos.order_by("-result__done_at", "order", "pk"):
            moment = photo.result.done_at
            name = f"{timezone.localtime(moment):%Y-%m-%d} {photo.result.check_of.form.name} {photo.result.item.text}"
            yield Original(_("Photos of checks"), name, photo.file, moment)


@section(order=50)
class Repairs(Section):
    """What was repaired, whoever lived there then; never what was said of it."""

    title = gettext_lazy("Repairs")

    def chapter(self, reading):
        seen = Q(privacy=Ticket.Privacy.HOUSEHOLD) | Q(of_former=True) | Q(owner__user=reading.user)
        repairs = Ticket.objects.repairs_of(reading.home).filter(seen).select_related("component__parent")
        columns = [_("Part of the home"), pgettext("a ticket", "Reported"), _("Repaired"), _("What was done")]
        rows = [
            [self._what(repair), day(repair.reported_at), day(repair.resolved_at), repair.work_done]
            for repair in repairs.order_by("-resolved_at", "-pk")
        ]
        return Chapter([Table(columns, rows)])

    @staticmethod
    def _what(repair):
        return repair.component.path if repair.component else capfirst(repair.get_kind_display())


@section(order=60)
class Warranties(Section):
    title = gettext_lazy("Warranties")

    def chapter(self, reading):
        columns = [
            _("Part of the home"),
            pgettext("a warranty", "from"),
            pgettext("a warranty", "last day"),
            pgettext("a warranty", "Who stands for it"),
            pgettext("of a warranty", "The terms"),
        ]
        held = Warranty.objects.for_user(reading.user).of_home(reading.home).select_related("term")
        return Chapter([Table(columns, [self._row(each) for each in held])])

    @staticmethod
    def _row(warranty):
        term = warranty.term
        who = " ".join(filter(None, [str(term.provider or _("our company")), str(term.phone)]))
        return [capfirst(warranty.what), day(warranty.starts), day(warranty.last_day), who, term.clause]


@section(order=70)
class Materials(Section):
    title = gettext_lazy("Materials")

    def chapter(self, reading):
        columns = [
            _("Product"),
            pgettext("a material", "Where it is"),
            _("Maker"),
            pgettext("of a material", "Batch"),
            pgettext("in the dossier of a home", "Telephone"),
            _("Built in on"),
        ]
        held = Material.objects.for_user(reading.user).filter(home=reading.home).built_in().with_places()
        return Chapter([Table(columns, [self._row(each) for each in held])])

    @staticmethod
    def _row(material):
        maker = " ".join(filter(None, [material.maker, material.contact and f"({material.contact})"]))
        where = material.component.path if material.component else ""
        installed = day(material.installed_on)
        return [material.product, where, maker, material.batch, material.telephone, installed]
