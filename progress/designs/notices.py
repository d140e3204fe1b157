"""What is told about design changes; registered in `DesignsConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from progress.models import HOSTS, Ownership

from .models import Answer, DesignCall, DesignChange
from .people import hosts_of


class AboutChange(Kind):
    """To the owners and co-owners of the homes that it concerns."""

    topic = topics.DESIGN
    mandatory = True
    model = DesignChange
    action = gettext_lazy("Read it and answer")
    why = gettext_lazy("You receive this message because the change concerns a home that you own.")

    def subjects(self):
        return DesignChange.objects.select_related("development")

    def still_true(self, change):
        return change.is_published

    def homes(self, change):
        """Those whose owners hear of it."""
        return change.homes.all()

    def people(self, change):
        return hosts_of(self.homes(change))

    def still_concerns(self, change, person):
        """Whoever sold meanwhile is not told any more. One query for all whom a batch tells of it."""
        if not hasattr(change, "addressees"):
            return person.pk in self._concerned(change, [person])
        if not hasattr(change, "still_concerned"):
            change.still_concerned = self._concerned(change, change.addressees)
        return person.pk in change.still_concerned

    def _concerned(self, change, people):
        keys = [person.pk for person in people]
        return set(hosts_of(self.homes(change)).filter(pk__in=keys).values_list("pk", flat=True))

    def zone(self, change):
        return change.development.time_zone

    def url(self, change):
        return reverse("home:design", args=[change.pk])


def by_when(change):
    """The sentence that asks for an answer."""
    return _("Please answer by %(day)s: acknowledge the change, or object and say why. Silence is not consent.") % {
        "day": date_format(change.answer_by, "DATE_FORMAT")
    }


def beginning(text, limit=300):
    """The first lines of a LocalizedText, in its language."""
    short = text if len(text) <= limit else f"{text[:limit].rsplit(maxsplit=1)[0]}…"
    return [text.part(line) for line in short.splitlines() if line.strip()]


@register("design-change-published")
class ChangePublished(AboutChange):
    label = gettext_lazy("Design changes")

    def title(self, change):
        return _("A design change: %(title)s") % {"title": change.title}

    def paragraphs(self, change):
        return [*beginning(change.what), *beginning(change.means), by_when(change)]


@register("design-change-amended")
class ChangeAmended(AboutChange):
    label = gettext_lazy("Amended design changes")

    def title(self, change):
        return _("Amended: %(title)s") % {"title": change.title}

    def paragraphs(self, change):
        latest = change.texts.filter(version=change.text_version).first()
        new = [latest.note] if latest else []
        again = _("An answer to the earlier text does not count for this one. We ask you anew.")
        return [*new, again, by_when(change)]


@register("design-change-withdrawn")
class ChangeWithdrawn(AboutChange):
    label = gettext_lazy("Withdrawn design changes")
    action = gettext_lazy("Read why")

    def still_true(self, change):
        return change.state == DesignChange.State.WITHDRAWN

    def title(self, change):
        return _("Withdrawn: %(title)s") % {"title": change.title}

    def paragraphs(self, change):
        return [change.reason, _("There is nothing to answer any more.")]


@register("design-change-reminder")
class AnswerWaits(AboutChange):
    """To those whose home has not answered; whoever answers before it leaves is not reminded."""

    label = gettext_lazy("Design changes that wait for your answer")

    def homes(self, change):
        return change.waiting_homes()

    def title(self, change):
        return _("Your answer is missing: %(title)s") % {"title": change.title}

    def paragraphs(self, change):
        return [*beginning(change.means), by_when(change)]


@register("design-change-last-reminder")
class AnswerWaitsTomorrow(AnswerWaits):
    label = gettext_lazy("The last day to answer a design change")
    channels = (INBOX, EMAIL, SMS)

    def sms(self, change):
        day = date_format(change.answer_by, "DATE_FORMAT")
        return _("Please answer by %(day)s: %(title)s") % {"day": day, "title": change.title}


class AboutAnswer(Kind):
    model = Answer

    def subjects(self):
        return Answer.objects.select_related("change__development", "home", "owner")

    def still_true(self, answer):
        return answer.ended_at is None

    def zone(self, answer):
        return answer.change.development.time_zone


@register("design-change-answered")
class HomeAnswered(AboutAnswer):
    """To the other owners of the home: a home gives one answer."""

    label = gettext_lazy("Answers to design changes for your home")
    topic = topics.DESIGN
    action = gettext_lazy("See the answer")
    why = gettext_lazy("You receive this message because the change concerns a home that you own.")

    def still_concerns(self, answer, person):
        return Ownership.objects.live().filter(home=answer.home, owner=person, role__in=HOSTS).exists()

    def title(self, answer):
        return _("Answered for your home: %(title)s") % {"title": answer.change.title}

    def paragraphs(self, answer):
        words = {"name": answer.owner, "home": answer.home}
        if answer.is_objection:
            return [_("%(name)s has objected for %(home)s.") % words]
        return [_("%(name)s has acknowledged it for %(home)s.") % words]

    def url(self, answer):
        return reverse("home:design", args=[answer.change_id])


@register("design-change-objection")
class ObjectionRaised(AboutAnswer):
    """To the staff who look after the change."""

    label = gettext_lazy("Objections to design changes")
    topic = topics.DESK
    why = gettext_lazy("You receive this message because you look after this development.")

    def still_concerns(self, answer, person):
        return DesignChange.objects.for_user(person).filter(pk=answer.change_id).exists()

    def title(self, answer):
        return _("An objection: %(title)s") % {"title": answer.change.title}

    def paragraphs(self, answer):
        return [str(answer.home), *(line for line in answer.comment.splitlines() if line.strip())]

    def url(self, answer):
        return reverse("site:design-answers", args=[answer.change_id])


@register("design-change-called")
class TriedToCall(Kind):
    """A call that nobody answered is followed by a text message."""

    label = gettext_lazy("We tried to call you")
    topic = topics.DESIGN
    mandatory = True
    model = DesignCall
    channels = (INBOX, SMS)
    action = gettext_lazy("Read it and answer")
    why = gettext_lazy("You receive this message because the change concerns a home that you own.")

    def subjects(self):
        return DesignCall.objects.select_related("change__development")

    def still_true(self, call):
        return call.change.is_published and call.change.waiting_homes().filter(pk=call.home_id).exists()

    def still_concerns(self, call, person):
        return Ownership.objects.live().filter(home=call.home_id, owner=person, role__in=HOSTS).exists()

    def zone(self, call):
        return call.change.development.time_zone

    def title(self, call):
        return _("We tried to call you: %(title)s") % {"title": call.change.title}

    def paragraphs(self, call):
        return [_("Your answer to this design change is missing. Please give it in the portal, or call us.")]

    def sms(self, call):
        return _("We tried to call you about “%(title)s”. Please answer in the portal, or call us.") % {
            "title": call.change.title
        }

    def url(self, call):
        return reverse("home:design", args=[call.change_id])
