"""What may happen to a leaflet: asked for, made, made again, and sent once and for all."""

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import discard
from accounts.files.rendering import RenderError, pdfs_ahead, render_pdf
from accounts.languages import SUFFIX
from accounts.models import Owner, User
from accounts.notices.actions import tell
from accounts.notices.circulars import tell_all
from progress.contacts.hours import hours_of
from progress.contacts.people import contacts_for
from progress.models import Assignment, Building, Development, Ownership

from . import making
from .choosing import within
from .content import content_of, homes_of, month_of, said_since
from .making import LostLeaseError
from .models import Leaflet

BOXES = (1000, 720, 480)  # pixels
ROOM = 2 * 1024 * 1024  # bytes for the photos: the words and the fonts take well under one more
LARGEST = 3 * 1000 * 1000

log = structlog.get_logger(__name__)
State = Leaflet.State


class LeafletError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


def ask_leaflet(place, *, month, by, at):
    """Have the leaflet of a Development or Building made for the month of the day `month`, or made anew.

    While it is being made, that one is returned. Raises LeafletError for a month to come, one of which there is
    nothing to say, and a leaflet that is sent.
    """
    month = month_of(place, month)
    if month.first > timezone.localdate(at, month.zone):
        raise LeafletError(_("This month is still to come."))
    has_news = content_of(place, month.first).has_news  # before anything is locked: an estate may be large
    return _ask(place, month.first, has_news=has_news, by=by, at=at)


@transaction.atomic
def _ask(place, month, *, has_news, by, at):
    building = place if isinstance(place, Building) else None
    development = building.development if building else place
    Development.objects.select_for_update().get(pk=development.pk)
    which = {"development": development, "building": building, "month": month}
    leaflet = Leaflet.objects.select_for_update(of=("self",)).filter(**which).first() or Leaflet(**which)
    if leaflet.is_sent:
        raise LeafletError(_("This leaflet is sent, and stays as its readers have it."))
    if leaflet.is_waiting and not leaflet._state.adding:
        return leaflet
    if not has_news:
        raise LeafletError(
            _("Nothing was reached or moved there in this month, and nothing written: the leaflet would be empty.")
        )
    return _begin(leaflet, by=by, at=at)


def _begin(leaflet, *, by, at):
    files = [file for file in (leaflet.file_en, leaflet.file_zh) if file]
    leaflet.file_en = leaflet.file_zh = leaflet.ready_at = leaflet.as_of = None
    leaflet.claims, leaflet.trouble, leaflet.asked_by, leaflet.asked_at = 0, "", by, at
    making.end(leaflet, State.WAITING)
    leaflet.save()
    for file in files:
        discard(file)
    record("asked for", leaflet, by=by)
    making.queue(leaflet)
    return leaflet


def make(leaflet, *, clock):
    """Print it in each language, unless another worker is at it. Running it twice prints it once."""
    lease = making.claim(leaflet, at=clock())
    if lease is None:
        return
    leaflet = Leaflet.objects.select_related("development", "building__development").get(pk=leaflet.pk)
    try:
        content = content_of(leaflet.place, leaflet.month)
        if content.has_news:
            _finish(leaflet, lease, _printed(leaflet, lease, content, clock=clock), at=clock())
        else:
            _fail(leaflet, lease, Leaflet.Trouble.NOTHING, at=clock())
    except LostLeaseError:
        log.info("leaflet_left", leaflet=str(leaflet.pk))
    except RenderError as error:
        log.error("leaflet_not_printed", leaflet=str(leaflet.pk), why=str(error))
        making.let_go(leaflet, lease)


def _printed(leaflet, lease, content, *, clock):
    """{language: PDF}."""

    def note(share):
        making.note_progress(leaflet, lease, int(10 + 30 * share), at=clock())

    images = within(content.shots, BOXES, ROOM, note=note)
    pdfs = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language), timezone.override(content.month.zone):
            html = render_to_string("pdf/leaflet.html", _context(leaflet, content, images))
        pdf = render_pdf(html, images=images, at=leaflet.as_of)
        if len(pdf) >= LARGEST:
            raise RenderError(f"The leaflet has {len(pdf)} bytes.")
        pdfs[language] = pdf
        making.note_progress(leaflet, lease, 40 + 55 * len(pdfs) // len(settings.LANGUAGES), at=clock())
    return pdfs


def _context(leaflet, content, images):
    names = settings.COMPANY_NAME
    today = timezone.localdate(leaflet.as_of)
    return {
        "leaflet": leaflet,
        "content": content,
        "shots": [shot for shot in content.shots if shot.name in images],
        "contacts": [(contact, hours_of(contact)) for contact in contacts_for(content.place, today=today)],
        "as_of": leaflet.as_of,
        "company": {"name": names.get(translation.get_language(), names["en"]), "hotline": settings.COMPANY_HOTLINE},
    }


def _finish(leaflet, lease, pdfs, *, at):
    """The files' rows, the leaflet's and the word that it is ready come together, or not at all."""
    with pdfs_ahead(pdfs, by=None) as stored:
        found = making.held(leaflet, lease)
        for language, file in stored.items():
            setattr(found, f"file_{SUFFIX[language]}", file)
        making.end(found, State.READY)
        found.ready_at = at
        found.save()
        record("made", found, by=None)
        tell(staff_of(found), "leaflet-ready", found, at=at, step=f"{found.as_of.timestamp():.0f}")


@transaction.atomic
def _fail(leaflet, lease, trouble, *, at):
    found = making.held(leaflet, lease)
    _give_up(found, trouble, at=at)


def _give_up(leaflet, trouble, *, at):
    making.end(leaflet, State.FAILED)
    leaflet.trouble = trouble
    leaflet.save()
    record("given up", leaflet, by=None)
    tell(staff_of(leaflet), "leaflet-failed", leaflet, at=at, step=f"{leaflet.asked_at.timestamp():.0f}")


@transaction.atomic
def give_up(leaflet, *, at):
    """After three attempts without a result: staff see it, and may ask for it anew."""
    found = Leaflet.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=leaflet.pk).first()
    if found:
        log.error("leaflet_given_up", leaflet=str(found.pk))
        _give_up(found, Leaflet.Trouble.BROKEN, at=at)


def staff_of(leaflet):
    """Who is told what became of it: whoever asked; of one that the portal prepared, the site managers there."""
    if leaflet.asked_by_id:
        return [leaflet.asked_by]
    there = Q(development=leaflet.development_id) | Q(development=None)
    posts = Assignment.objects.live().filter(there, role=Assignment.Role.SITE_MANAGER)
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True))


@transaction.atomic
def send_leaflet(leaflet, *, by, at):
    """Tell everybody who follows the progress of the place. Sent already, it stays as it is.

    Raises LeafletError when it is not ready, or when something was said since that it does not know.
    """
    found = Leaflet.objects.select_for_update(of=("self",)).select_related("development", "building__development")
    leaflet = found.get(pk=leaflet.pk)
    if leaflet.is_sent:
        return leaflet
    if not leaflet.is_ready:
        raise LeafletError(_("It is not ready to be sent."))
    if said_since(leaflet.place, leaflet.as_of):
        raise LeafletError(
            _("Since it was made, dates have changed or something was corrected. Please have it made again.")
        )
    leaflet.state, leaflet.sent_at, leaflet.sent_by = State.SENT, at, by
    leaflet.save(update_fields=["state", "sent_at", "sent_by"])
    record("sent", leaflet, by=by)
    tell_all("leaflet-sent", leaflet, at=at)
    return leaflet


def ties_of(leaflet):
    """The live Ownerships of those whom it is for."""
    return Ownership.objects.live().follows_progress().filter(home__in=homes_of(leaflet.place))


def readers_of(leaflet):
    """The owners whom it is for, each once."""
    return Owner.objects.active().filter(pk__in=ties_of(leaflet).order_by().values("owner"))
