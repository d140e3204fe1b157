"""Where the mail provider tells us what became of our messages, and hands over those that people write to us:
django-anymail's webhooks, behind one address each.

There is nothing here until EMAIL_PROVIDER and EMAIL_WEBHOOK_SECRET are set, and SERVICE_ADDRESS for what comes in.
Then: basic authentication (and the provider's own signature, where it has one), one provider's events and no other's,
no body of events beyond a megabyte, and no message beyond forty.
"""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from accounts.files.uploadhandler import takes_photos

LARGEST = 1_000_000  # bytes: providers send some hundred events at once
LARGEST_MAIL = 40_000_000  # bytes: three large photos, as mail writes them
TOO_LARGE = 413


class Careful:
    """A body that the provider could not have written is the sender's error, not ours."""

    def parse_events(self, request):
        try:
            return super().parse_events(request)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise BadRequest("These are no events.") from error


@csrf_exempt
def mail_events(request):
    return _answer(request, "tracking", largest=LARGEST)


@csrf_exempt
@takes_photos  # some providers send what is attached as files of a form
def mail_in(request):
    if not settings.SERVICE_ADDRESS:
        raise Http404
    return _answer(request, "inbound", largest=LARGEST_MAIL)


def _answer(request, what, *, largest):
    hook = _hook_of(settings.EMAIL_PROVIDER, what) if settings.ANYMAIL.get("WEBHOOK_SECRET") else None
    if hook is None:
        raise Http404
    if request.method not in {"POST", "HEAD"}:  # with HEAD some ask whether we are there
        return HttpResponseNotAllowed(["POST"])
    if _length(request) > largest:
        return HttpResponse(status=TOO_LARGE)
    if request.content_type == "application/json":
        request._body = request.read(largest)  # Django's own limit is that of a form's fields
    return hook.as_view()(request)


@lru_cache
def _hook_of(provider, what):
    """anymail's view of this provider's events, or None."""
    from anymail.urls import urlpatterns  # brings every provider's library along, which most installations never need

    names = {f"{provider}_{what}_webhook", f"{provider}_webhook"}  # one provider has one for both
    found = next((pattern.callback.view_class for pattern in urlpatterns if pattern.name in names), None)
    return found and type("Hook", (Careful, found), {})


def _length(request):
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return LARGEST + 1
