"""What staff are told about promises; registered in `PromisesConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, Kind, register

from . import kinds
from .models import Promise


@register("promise")
class PromiseStands(Kind):
    """A warning before its time, the news that it was missed after it."""

    label = gettext_lazy("Promises that you answer for")
    topic = topics.DUTIES
    model = Promise
    channels = (INBOX, EMAIL)
    action = gettext_lazy("See the promise")
    why = gettext_lazy("You receive this message because you answer for what was promised here.")

    def subjects(self):
        return Promise.objects.select_related("development", "home")

    def still_true(self, promise):
        return promise.is_open

    def zone(self, promise):
        return promise.calendar[1]

    def title(self, promise):
        missed = promise.state == Promise.State.MISSED
        words = _("Missed: %(promise)s") if missed else _("Due soon: %(promise)s")
        return words % {"promise": promise}

    def paragraphs(self, promise):
        due = date_format(localtime(promise.due_at), "DATETIME_FORMAT")
        place = promise.home or promise.development or _("No development")
        return [_("%(place)s, promised for %(time)s.") % {"place": place, "time": due}]

    def url(self, promise):
        return kinds.get(promise.kind).url(promise) or reverse("site:promise", args=[promise.pk])
