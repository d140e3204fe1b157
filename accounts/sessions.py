"""Where somebody is logged in: the list that they see themselves, and the ends of it."""

import time

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import get_language_from_path

from .events.actions import record

NOTED = "noted_at"
EVERY = 10 * 60  # seconds between two notes of the same session: a look at a page stays a look


class SessionListMiddleware:
    """Keeps the list: which browser, from where, when last. Public pages don't look at the login, nor does this."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not get_language_from_path(request.path_info) and request.user.is_authenticated:
            note(request)
        return self.get_response(request)


def note(request):
    """Put the session on the list, or renew what it says, unless that was done in the last minutes."""
    now = int(time.time())
    if now - request.session.get(NOTED, 0) < EVERY:
        return
    request.session[NOTED] = now
    try:
        UserSession.objects.create_from_request(request)
    except PermissionDenied:  # a front server that doesn't say whose request it is
        return


@transaction.atomic
def end_sessions(user, *, by, but=""):
    """Log `user` out everywhere at once, except where the session's key is `but`."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in sessions:
        session.end()
    if sessions:
        record("logged out", user, by=by)
    return len(sessions)


@transaction.atomic
def end_session(session, *, by):
    """Log out the browser that the row stands for."""
    session.end()
    record("logged out", session.user, by=by)
