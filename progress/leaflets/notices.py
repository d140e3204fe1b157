"""What people are told about leaflets and diaries; registered in `LeafletsConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import INBOX, Kind, register

from . import actions, diaries
from .models import Diary, Leaflet


class OfLeaflet(Kind):
    model = Leaflet

    def subjects(self):
        return Leaflet.objects.select_related("development", "building__development")

    def zone(self, leaflet):
        return leaflet.development.time_zone

    def words(self, leaflet):
        return {"place": leaflet.place, "month": date_format(leaflet.month, "YEAR_MONTH_FORMAT")}


@register("leaflet-sent")
class LeafletSent(OfLeaflet):
    label = gettext_lazy("The monthly progress leaflet")
    topic = topics.NEWS
    action = gettext_lazy("Open the leaflet")

    def people(self, leaflet):
        return actions.readers_of(leaflet)

    def still_true(self, leaflet):
        return leaflet.is_sent

    def still_concerns(self, leaflet, person):
        """Whoever sold meanwhile is not told any more. One query for all whom a batch tells of it."""
        if not hasattr(leaflet, "addressees"):
            return actions.ties_of(leaflet).filter(owner=person).exists()
        if not hasattr(leaflet, "still_concerned"):
            ties = actions.ties_of(leaflet).filter(owner__in=leaflet.addressees)
            leaflet.still_concerned = set(ties.order_by().values_list("owner", flat=True))
        return person.pk in leaflet.still_concerned

    def title(self, leaflet):
        return _("Progress leaflet %(month)s, %(place)s") % self.words(leaflet)

    def paragraphs(self, leaflet):
        return [
            _("What was reached at %(place)s in %(month)s, what comes next, and which dates have moved and why.")
            % self.words(leaflet),
            _("It is a PDF of a few pages with photos, to be read or printed."),
        ]

    def url(self, leaflet):
        return reverse("home:leaflet", args=[leaflet.pk])


class ForStaff(OfLeaflet):
    topic = topics.DESK
    channels = (INBOX,)
    why = gettext_lazy("You receive this message because you make the leaflets there.")
    action = gettext_lazy("Look at the leaflet")

    def url(self, leaflet):
        return reverse("site:leaflet", args=[leaflet.pk])


@register("leaflet-ready")
class LeafletReady(ForStaff):
    label = gettext_lazy("A leaflet is ready to be sent")

    def still_true(self, leaflet):
        return leaflet.is_ready

    def title(self, leaflet):
        return _("Leaflet %(month)s, %(place)s: please look, then send") % self.words(leaflet)

    def paragraphs(self, leaflet):
        return [_("It is made in each language. Its readers are told when you send it.")]


@register("leaflet-failed")
class LeafletFailed(ForStaff):
    label = gettext_lazy("A leaflet could not be made")

    def still_true(self, leaflet):
        return leaflet.is_failed

    def title(self, leaflet):
        return _("Leaflet %(month)s, %(place)s: it could not be made") % self.words(leaflet)

    def paragraphs(self, leaflet):
        return [leaflet.get_trouble_display()]


class OfDiary(Kind):
    model = Diary
    topic = topics.DOCUMENTS
    mandatory = True  # an answer to what they asked for
    why = gettext_lazy("You receive this message because you asked for the diary of your home.")
    action = gettext_lazy("Open the page")

    def subjects(self):
        return Diary.objects.select_related("home__development", "home__building")

    def still_concerns(self, diary, person):
        return diaries.is_host(person, diary.home)

    def zone(self, diary):
        return diary.home.development.time_zone

    def url(self, diary):
        return reverse("home:leaflets", args=[diary.home_id])


@register("diary-ready")
class DiaryReady(OfDiary):
    label = gettext_lazy("The diary of your home is ready")

    def still_true(self, diary):
        return diary.is_ready

    def paragraphs(self, diary):
        until = date_format(diary.kept_until, "DATE_FORMAT")
        return [_("You can fetch it until %(day)s: %(home)s.") % {"day": until, "home": diary.home}]


@register("diary-failed")
class DiaryFailed(OfDiary):
    label = gettext_lazy("The diary of your home could not be made")

    def still_true(self, diary):
        return diary.is_failed

    def paragraphs(self, diary):
        return [_("We are sorry. Please ask for it again; if it fails once more, please ring us.")]
