"""What is said about people's data; registered in `PrivacyConfig.ready`."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import INBOX, Kind, register

from .models import Download, ErasureRequest

WHY = gettext_lazy("You receive this message because you asked about the data that we hold on you.")


def _day(moment):
    return date_format(timezone.localtime(moment))


class AboutData(Kind):
    topic = topics.ACCOUNT
    mandatory = True
    action = gettext_lazy("Open “Your data”")
    why = WHY

    def url(self, subject):
        return reverse("home:privacy")


@register("download-ready")
class DownloadReady(AboutData):
    label = gettext_lazy("The copy of your data is ready")
    model = Download

    def still_true(self, download):
        return download.state == Download.State.READY

    def paragraphs(self, download):
        return [
            _("You can fetch it for seven days. We ask you once more who you are before it is handed over."),
            _("If you did not ask for it, please ring us at once: somebody else may know your password."),
        ]


@register("download-failed")
class DownloadFailed(AboutData):
    label = gettext_lazy("The copy of your data could not be made")
    model = Download

    def still_true(self, download):
        return download.state == Download.State.FAILED

    def paragraphs(self, download):
        return [_("We are sorry. Please ask for it again; if it fails once more, please ring us.")]


class OfErasure(AboutData):
    model = ErasureRequest

    def subjects(self):
        return ErasureRequest.objects.select_related("owner")


@register("erasure-asked")
class ErasureAsked(OfErasure):
    label = gettext_lazy("You want to be erased")

    def still_true(self, request):
        return request.is_open

    def paragraphs(self, request):
        return [
            _("We have noted that your customer record is to be erased, on %(day)s at the earliest.")
            % {"day": _day(request.due_at)},
            _("Until then you can take it back. If it was not you who asked, please take it back and ring us."),
        ]


@register("erasure-agreed")
class ErasureAgreed(OfErasure):
    label = gettext_lazy("Your record will be erased")

    def still_true(self, request):
        return request.state == ErasureRequest.State.APPROVED

    def paragraphs(self, request):
        return [
            _("We have agreed. It happens in the night after %(day)s.") % {"day": _day(request.last_day)},
            _("This is the last message about it: afterwards we no longer know where to write."),
            _("Until then you can take it back, and fetch a copy of your data."),
        ]


@register("erasure-refused")
class ErasureRefused(OfErasure):
    label = gettext_lazy("Your record can't be erased now")

    def still_true(self, request):
        return request.state == ErasureRequest.State.REFUSED

    def paragraphs(self, request):
        return [_("Our answer: %(reason)s") % {"reason": request.reason}, _("You can ask again at any time.")]


class ForStaff(OfErasure):
    topic = topics.DESK
    channels = (INBOX,)
    action = gettext_lazy("Open the desk")
    why = gettext_lazy("You receive this message because you decide about erasures.")

    def still_true(self, request):
        return request.is_undecided

    def url(self, request):
        return reverse("wagtailadmin_home")


@register("erasure-waits")
class ErasureWaits(ForStaff):
    label = gettext_lazy("A customer wants to be erased")

    def paragraphs(self, request):
        return [
            _("Customer %(number)s asks to be erased. Please agree or refuse by %(day)s.")
            % {"number": request.owner.customer_no, "day": _day(request.due_at)}
        ]


@register("erasure-overdue")
class ErasureOverdue(ForStaff):
    label = gettext_lazy("A customer still waits to be erased")

    def paragraphs(self, request):
        return [
            _("Customer %(number)s has waited since %(day)s for your answer. Nothing is erased until you agree.")
            % {"number": request.owner.customer_no, "day": _day(request.asked_at)}
        ]
