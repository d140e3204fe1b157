"""Proving once more that it is you, before something that matters: a view says so with `@proved_again`.

Whoever has not proved it lately is sent to do so (password, authenticator app, passkey, or a code where there is
nothing else) and comes back; what they had posted is posted then, so that nothing is lost.
"""

import time
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, get_reauthentication_flows
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import serialize_request
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect

# Long enough for a form that one thinks about, short enough for a desk that one leaves.
WITHIN = timedelta(minutes=15)


def recently_proved(request, *, within=WITHIN):
    """Whether the log-in has proved, so lately, who it is; by their second factor if they have one."""
    flows = {flow["id"] for flow in get_reauthentication_flows(request.user)}
    good = {"mfa"} if "mfa_reauthenticate" in flows else {"password", "code", "invitation"}
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records if record["method"] in good), default=0)
    return time.time() - latest < within.total_seconds()


def ask_again(request, *, back=""):
    """Go on, or raise what sends the person to prove it. PermissionDenied when there is no way to ask them.

    They come back to where they were going; from a file, which is no page to stay on, to `back`.

    As allauth's own asking, which forgets a post to an address with a query, and keeps one that was given up.
    """
    if recently_proved(request):
        return
    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways:
        raise PermissionDenied("This login can't be asked again.")
    back = back or request.get_full_path()
    request.session.pop(STATE_SESSION_KEY, None)
    if request.method == "POST":
        back = request.path
        request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
    raise ImmediateHttpResponse(HttpResponseRedirect(f"{ways[0]['url']}?{urlencode({'next': back})}"))


def proved_again(view):
    """Decorator of a view whose visitor is logged in. Put it beneath the checks that answer 404."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        ask_again(request)
        return view(request, *args, **kwargs)

    return guarded


class ProvedAgain:
    """For a class-based view: asked where its `dispatch` has let the person in, and so before GET and POST alike."""

    def get(self, request, *args, **kwargs):
        ask_again(request)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        ask_again(request)
        return super().post(request, *args, **kwargs)
