"""Where the mail provider tells us what became of our messages: django-anymail's webhook, behind one address.

There is nothing here until EMAIL_PROVIDER and EMAIL_WEBHOOK_SECRET are set. Then: basic authentication (and the
provider's own signature, where it has one), one provider's events and no other's, and no body beyond a megabyte.
"""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

LARGEST = 1_000_000  # bytes: providers send some hundred events at once
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
    hook = _hook_of(settings.EMAIL_PROVIDER) if settings.ANYMAIL.get("WEBHOOK_SECRET") else None
    if hook is None:
        raise Http404
    if request.method not in {"POST", "HEAD"}:  # with HEAD some ask whether we are there
        return HttpResponseNotAllowed(["POST"])
    if _length(request) > LARGEST:
        return HttpResponse(status=TOO_LARGE)
    return hook.as_view()(request)


@lru_cache
def _hook_of(provider):
    """anymail's view of this provider's events, or None."""
    from anymail.urls import urlpatterns  # brings every provider's library along, which most installations never need

    name = f"{provider}_tracking_webhook"
    found = next((pattern.callback.view_class for pattern in urlpatterns if pattern.name == name), None)
    return found and type("Hook", (Careful, found), {})


def _length(request):
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return LARGEST + 1
