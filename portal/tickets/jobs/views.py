"""What a contractor's link opens: one job, photos, done. No login: the address is all that lets anybody in."""

from functools import wraps

from allauth.core.internal import ratelimit
from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_http_methods

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_media
from portal.tickets.errors import TicketError

from .forms import DoneForm, PhotosForm
from .models import Job
from .reporting import finish_job, send_photos
from .showing import shown

NAMES = {"en": ("EN", "en"), "zh-hans": ("中文", "zh-Hans")}


def by_link(*methods):
    """Decorator: the view gets the Job that this link opens, in the reader's language and the place's time.

    404 in words for an address that we never gave out, 410 in words for one that is over; no one's index or shared
    cache keeps the answer, and no other site is told of the address.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, pk, mac, **more):
            response = _answer(view, request, pk, mac, **more)
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

        return require_http_methods(methods)(guarded)

    return decorate


def _answer(view, request, pk, mac, **more):
    job, now = Job.objects.with_place().filter(pk=pk).first(), timezone.now()
    if job is None or not job.knows(mac):
        allowed = _is_allowed(request, "unknown_job")
        return _closed(request, "unknown" if allowed else "busy", status=404 if allowed else 429)
    with override(language_of(request, job)), timezone.override(job.zone):
        standing = job.standing(at=now) if job.opens_with(mac) else "revoked"
        if standing not in ("open", "done"):
            return _closed(request, standing, job=job, status=410)
        if request.method == "POST" and not _is_allowed(request, "job_sent", key=str(job.pk)):
            return _closed(request, "busy", job=job, status=429)
        return view(request, job, **more)


def _is_allowed(request, action, **by):
    return ratelimit.consume(request, app="allauth.account", action=action, limit_get=True, **by) is not None


def language_of(request, job=None):
    """The one asked for in the address, else the contractor's."""
    wanted = request.GET.get("lang", "").lower()
    if wanted in dict(settings.LANGUAGES):
        return wanted
    return job.contractor.language if job else get_language()


def _closed(request, why, *, status, job=None):
    """Why nothing is shown. Of a job that is over, nothing of it but whom to ask."""
    with override(language_of(request, job)):
        context = {"why": why, "languages": _languages(request)}
        return render(request, "jobs/closed.html", context, status=status)


def _languages(request):
    here = reverse("jobs:job", kwargs={name: request.resolver_match.kwargs[name] for name in ("pk", "mac")})
    return [
        {"label": label, "lang": lang, "url": f"{here}?lang={code}", "current": code == get_language()}
        for code, (label, lang) in NAMES.items()
    ]


def _page(request, job, **forms):
    """The job with its forms; one that was refused stands there with what was wrong."""
    context = {
        **shown(job, at=timezone.now()),
        "photos_form": PhotosForm(prefix="p"),
        "done_form": DoneForm(prefix="d"),
        "languages": _languages(request),
        "lang": _asked(request),
        **forms,
    }
    return render(request, "jobs/job.html", context)


@by_link("GET", "HEAD")
def job(request, job):
    return _page(request, job)


@takes_media
@by_link("POST")
def photos(request, job):
    return _send(request, job, PhotosForm(request.POST, request.FILES, prefix="p"), send_photos, "photos_form")


@takes_media
@by_link("POST")
def done(request, job):
    return _send(request, job, DoneForm(request.POST, request.FILES, prefix="d"), finish_job, "done_form")


def _send(request, job, form, act, name):
    if form.is_valid():
        try:
            act(job, version=job.version, at=timezone.now(), **form.given())
        except (TicketError, FileError) as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{job.path}{_asked(request)}#sent")
    fresh = Job.objects.with_place().get(pk=job.pk)
    return _page(request, fresh, refused=form.non_field_errors(), **{name: form})


def _asked(request):
    asked = request.GET.get("lang", "")
    return f"?lang={asked}" if asked in NAMES else ""


@by_link("GET", "HEAD")
def file(request, job, file_pk, variant):
    """A photo of this job, in the size asked for; `file` is itself, as for a video."""
    held = get_object_or_404(job.files.select_related("attachment__file"), pk=file_pk)
    return deliver(request, held.attachment.file, variant=None if variant == "file" else variant)
