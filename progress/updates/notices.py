"""What owners are told about updates; registered in `UpdatesConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from progress.models import Ownership

from . import actions
from .models import Receipt, Update


@register("update-published")
class UpdatePublished(Kind):
    label = gettext_lazy("News from the site")
    topic = topics.NEWS
    model = Update
    action = gettext_lazy("See the photos and read on")

    def subjects(self):
        return Update.objects.select_related("development", "corrects")

    def people(self, update):
        return actions.readers_among(update, update.homes.all())

    def note_told(self, update, owners, *, at):
        """A receipt for each, also for one who opened it before."""
        receipts = (Receipt(update=update, owner_id=owner, told_at=at) for owner in owners)
        told = {"update_conflicts": True, "unique_fields": ["update", "owner"], "update_fields": ["told_at"]}
        Receipt.objects.bulk_create(receipts, batch_size=actions.BATCH, **told)

    def still_true(self, update):
        return update.is_published

    def still_concerns(self, update, person):
        """Whoever sold meanwhile is not told any more. One query for all whom a batch tells of it."""
        if not hasattr(update, "addressees"):
            return person.pk in _concerned(update, [person])
        if not hasattr(update, "still_concerned"):
            update.still_concerned = _concerned(update, update.addressees)
        return person.pk in update.still_concerned

    def zone(self, update):
        return update.development.time_zone

    def title(self, update):
        return str(update.title)

    def paragraphs(self, update):
        return [_("News from %(place)s:") % {"place": update.development}, *_first_lines(update.body)]

    def in_brief(self, update):
        return _first_lines(update.body, limit=160)[:1]

    def sms(self, update):
        return _("News from %(place)s: %(title)s") % {"place": update.development, "title": update.title}

    def url(self, update):
        return reverse("home:update", args=[update.pk])


@register("correction-published")
class CorrectionPublished(UpdatePublished):
    label = gettext_lazy("A correction")
    action = gettext_lazy("Read the correction")

    def title(self, update):
        return _("Correction: %(title)s") % {"title": update.title}

    def paragraphs(self, update):
        what = _("We wrote something that was not right in “%(title)s”. Here is how it is:")
        return [what % {"title": update.corrects.title}, *_first_lines(update.body)]

    def sms(self, update):
        return self.title(update)


@register("announcement-published")
class AnnouncementPublished(UpdatePublished):
    label = gettext_lazy("Announcements")
    topic = topics.ANNOUNCEMENTS
    action = gettext_lazy("Read the announcement")
    why = gettext_lazy("You receive this message because it concerns everyone who lives at this home.")

    def paragraphs(self, update):
        until = date_format(localtime(update.valid_until), "DATETIME_FORMAT")
        return [
            *_first_lines(update.body),
            _("%(place)s, until %(time)s.") % {"place": update.development, "time": until},
        ]

    def sms(self, update):
        return _("%(place)s: %(title)s") % {"place": update.development, "title": update.title}


@register("urgent-announcement")
class UrgentAnnouncement(AnnouncementPublished):
    label = gettext_lazy("Urgent announcements")
    mandatory = True
    channels = (INBOX, EMAIL, SMS)

    def title(self, update):
        return _("Urgent: %(title)s") % {"title": update.title}

    def sms(self, update):
        return _("Urgent, %(place)s: %(title)s") % {"place": update.development, "title": update.title}


@register("emergency-announcement")
class EmergencyAnnouncement(UrgentAnnouncement):
    label = gettext_lazy("Emergencies")
    emergency = True


@register("urgent-correction")
class UrgentCorrection(CorrectionPublished):
    label = gettext_lazy("A correction of something urgent")
    topic = topics.ANNOUNCEMENTS
    mandatory = True
    channels = (INBOX, EMAIL, SMS)


@register("emergency-correction")
class EmergencyCorrection(UrgentCorrection):
    label = gettext_lazy("A correction in an emergency")
    emergency = True


def _concerned(update, people):
    """The keys of those of `people` who still live at a home that it tells of, or still follow its progress."""
    ties = Ownership.objects.live().filter(owner__in=[person.pk for person in people], home__updates=update)
    ties = ties if update.concerns_tenants else ties.follows_progress()
    return set(ties.order_by().values_list("owner_id", flat=True))


def _first_lines(body, limit=400):
    """The beginning of a LocalizedText as paragraphs that keep its language."""
    text = body if len(body) <= limit else f"{body[:limit].rsplit(maxsplit=1)[0]}…"
    return [body.part(line) for line in text.splitlines() if line.strip()]
