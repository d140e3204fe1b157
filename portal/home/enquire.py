"""Asking for work, without a login: a form at an address of its own, which no cache keeps, and its thank-you page."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.validators import slug_re
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from cms.frame import CODES, LABELS, company_of, frame_of
from cms.models import DevelopmentPage, HomePage
from progress.enquiries.actions import EnquiryError, receive
from progress.enquiries.forms import EnquiryForm
from progress.enquiries.models import ConsentText, Enquiry
from progress.enquiries.tickets import TicketError, make_ticket, open_ticket
from progress.models import Development
from progress.promises.models import Promise

SHOWN_FOR = timedelta(days=7)
nobody_keeps_it = cache_control(private=True, no_store=True)


class TooOftenError(Exception):
    """More than people send."""


@nobody_keeps_it
@require_http_methods(["GET", "HEAD", "POST"])
def enquire(request):
    """In the language of `lang`, else in the reader's; `development` names the one that the reader came from."""
    with override(_language(request)):
        try:
            return _sent(request) if request.method == "POST" else _page(request, _empty_form(request))
        except TooOftenError:
            context = {"public": _frame(request), "company": company_of(request)}
            response = render(request, "enquire/busy.html", context, status=429)
            response.headers["Retry-After"] = "60"
            return response


def _language(request):
    wanted = request.GET.get("lang", "").lower()
    return wanted if wanted in dict(settings.LANGUAGES) else get_language()


def _developments():
    """Those that the public site shows."""
    shown = DevelopmentPage.objects.live().public()
    return Development.objects.filter(pk__in=shown.values("development"))


def _empty_form(request):
    initial = {"development": _asked_about(request), "ticket": make_ticket(at=timezone.now())}
    return EnquiryForm(developments=_developments(), initial=initial)


def _asked_about(request):
    """The development that the address names, by its id or by that of its page; None: none that we know."""
    wanted = request.GET.get("development", "")
    if not slug_re.fullmatch(wanted):  # an id looks like one, too
        return None
    pages = DevelopmentPage.objects.live().public()
    try:
        found = {"development": UUID(wanted)}
    except ValueError:
        found = {"slug": wanted}
    return pages.filter(**found).values_list("development", flat=True).first()


def _allow(request, action):
    """Count it. Raises TooOftenError."""
    counted = ratelimit.consume(request, app="allauth.account", action=action, key="all")
    if counted is None:
        raise TooOftenError


def _sent(request):
    _allow(request, "enquire")
    form = EnquiryForm(request.POST, developments=_developments())
    enquiry = _kept(request, form, at=timezone.now())
    if enquiry is None:
        return _page(request, form)
    return redirect(f"{reverse('enquire-thanks', args=[enquiry.pk, enquiry.mac])}?lang={get_language()}")


def _kept(request, form, *, at):
    """The Enquiry, or None: the form says what is wrong."""
    right = form.is_valid()
    if form.by_program:
        form.add_error(None, _("This was filled in by a program. If you are a person, please send it once more."))
        form.carry(website="", ticket=make_ticket(at=at))
        return None
    try:
        key = open_ticket(form.data.get("ticket", ""), at=at)
        if not right:
            return None
        _allow(request, "enquiry_kept")
        version = form.cleaned_data["consent_version"] or 0
        return receive(enquiry_id=key, consent_version=version, language=get_language(), given=form.given, at=at)
    except TicketError as error:
        form.add_error(None, str(error))
        if not error.again:
            form.carry(ticket=make_ticket(at=at))
    except EnquiryError as error:
        form.add_error(error.field, str(error))
        if error.field is None:
            form.carry(ticket=make_ticket(at=at), agreed="")
    return None


def _page(request, form):
    consent = ConsentText.objects.current()
    if form.is_bound:
        form.carry(consent_version=consent.version)
    else:
        form.initial["consent_version"] = consent.version
    context = {"form": form, "consent": consent, "public": _frame(request), "company": company_of(request)}
    return render(request, "enquire/form.html", context)


def _frame(request):
    """That of the front page in this language, with this page in the others."""
    home = HomePage.objects.filter(locale__language_code=get_language()).live().first()
    frame = frame_of(home, request) if home else {}
    asked = {name: value for name, value in request.GET.items() if name == "development"}
    languages = [
        {
            "label": LABELS[code],
            "url": f"{request.path}?{urlencode({'lang': code, **asked})}",
            "lang": CODES.get(code, code),
            "current": code == get_language(),
        }
        for code, _name in settings.LANGUAGES
    ]
    return frame | {"languages": languages}


@nobody_keeps_it
@require_safe
def thanks(request, pk, mac):
    """The number, and what happens next; nothing of what was written. For a week, for whoever has the address."""
    enquiry = get_object_or_404(Enquiry.objects.select_related("development"), pk=pk)
    if not enquiry.opens_with(mac) or enquiry.created_at < timezone.now() - SHOWN_FOR:
        raise Http404
    promise = Promise.objects.open().filter(key=f"enquiry:{enquiry.pk}").first()
    with override(_language(request)), timezone.override(enquiry.time_zone):
        context = {"enquiry": enquiry, "promise": promise, "public": _frame(request), "company": company_of(request)}
        return render(request, "enquire/thanks.html", context)
