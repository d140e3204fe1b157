"""Staff write design changes, publish, amend and withdraw them: under /site/ on a phone, and in the Wagtail admin."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_documents
from progress.designs import drafting, publishing
from progress.designs.errors import DesignError, TextChangedError
from progress.designs.models import DesignChange, DesignDrawing
from progress.designs.people import hosts_of
from progress.designs.standing import tally
from progress.scope import may_view
from progress.updates.actions import homes_of

from .designs_forms import AmendForm, DesignForm, WithdrawForm
from .scoped import within
from .site_places import initial_audience
from .site_views import site_page, site_redirect

WRITE = "designs.change_designchange"


def designing(view):
    """Logged in, and in a group that sees design changes; where, the querysets say. Times are the development's own."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not may_view(request.user, DesignChange):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def writing(view):
    """Besides, in a group that writes them."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_perm(WRITE):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def own_change(request, pk):
    """Of the developments where this person works. Sets the time zone."""
    changes = within(DesignChange, request.user).select_related("development", "author")
    change = get_object_or_404(changes, pk=pk)
    timezone.activate(change.zone)
    return change


@designing
@require_safe
def designs(request):
    """What is being written first, then what was published."""
    changes = within(DesignChange, request.user).select_related("development", "author")
    context = {
        "drafts": changes.filter(state=DesignChange.State.DRAFT)[:50],
        "page": Paginator(changes.known(), 20).get_page(request.GET.get("page")),
        "may_write": request.user.has_perm(WRITE),
    }
    return site_page(request, "site/designs/list.html", context)


@designing
@require_safe
def design(request, pk):
    """The change as owners read it, whom it concerns, how it stands, and what can be done."""
    return _design_page(request, own_change(request, pk))


def _design_page(request, change, withdraw=None):
    homes = homes_of(change) if change.is_draft else change.homes.all()
    context = {
        "change": change,
        "languages": list(change.by_language()),
        "drawings": change.drawings_now(),
        "texts": change.texts.select_related("by").order_by("-version"),
        "audience": change.audience.select_related("development", "building__development", "home__development"),
        "home_count": homes.count(),
        "owner_count": hosts_of(homes).count(),
        "tally": None if change.is_draft else tally(change),
        "over": change.is_over(at=timezone.now()),
        "may_write": request.user.has_perm(WRITE),
        "withdraw": withdraw or WithdrawForm(),
    }
    return site_page(request, "site/designs/change.html", context)


@designing
@writing
@takes_documents
def design_new(request):
    today = timezone.localdate()
    form = DesignForm(request.POST or None, request.FILES or None, user=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            change = drafting.draft_change(
                change_id=form.cleaned_data["change_id"], by=request.user, today=today, **form.draft()
            )
        except (DesignError, FileError) as error:
            form.add_error("drawings" if isinstance(error, FileError) else "answer_by", str(error))
        else:
            return site_redirect(request, "design", change.pk)
    return site_page(request, "site/designs/form.html", {"form": form})


@designing
@writing
@takes_documents
def design_edit(request, pk):
    change = own_change(request, pk)
    if not change.is_draft:
        return site_redirect(request, "design", pk)
    form = DesignForm(
        request.POST or None,
        request.FILES or None,
        instance=own_change(request, pk),
        initial=initial_audience(change) | {"change_id": pk},
        user=request.user,
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            drafting.edit_change(change, by=request.user, today=timezone.localdate(), **form.draft())
        except (DesignError, FileError) as error:
            form.add_error("drawings" if isinstance(error, FileError) else "answer_by", str(error))
        else:
            return site_redirect(request, "design", pk)
    return site_page(request, "site/designs/form.html", {"form": form, "change": change})


@designing
@writing
@takes_documents
def design_amend(request, pk):
    """The present text, to be changed; who comes second keeps their words and sees that there is another."""
    change = own_change(request, pk)
    if not change.is_published:
        return site_redirect(request, "design", pk)
    initial = {"seen": change.text_version}
    form = AmendForm(request.POST or None, request.FILES or None, instance=own_change(request, pk), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.amend_change(change, by=request.user, at=timezone.now(), **form.amendment())
        except TextChangedError as error:
            form.add_error(None, str(error))
            change = own_change(request, pk)
            form.data = form.data.copy()
            form.data["seen"] = change.text_version
        except (DesignError, FileError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The new text is published. The owners are told, and asked anew."))
            return site_redirect(request, "design", pk)
    context = {"form": form, "change": change, "languages": list(change.by_language())}
    return site_page(request, "site/designs/amend.html", context)


def _act(action):
    """A view that POSTs one action on one change and comes back to it, with the refusal if there was one."""

    @wraps(action)
    @designing
    @writing
    @require_POST
    def view(request, pk):
        try:
            return action(request, own_change(request, pk)) or site_redirect(request, "design", pk)
        except DesignError as error:
            messages.error(request, str(error))
            return site_redirect(request, "design", pk)

    return view


@_act
def design_publish(request, change):
    change = publishing.publish_change(change, by=request.user, at=timezone.now())
    homes = change.homes.count()
    words = ngettext(
        "Published for %(count)s home. Its owners are told.",
        "Published for %(count)s homes. Their owners are told.",
        homes,
    )
    messages.success(request, words % {"count": homes})


@_act
def design_discard(request, change):
    drafting.discard_change(change, by=request.user)
    messages.success(request, _("The draft is gone."))
    return site_redirect(request, "designs")


@_act
def design_withdraw(request, change):
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _design_page(request, change, withdraw=form)
    publishing.withdraw_change(change, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Withdrawn. The owners are told why."))
    return None


def _own_drawing(request, pk):
    drawings = DesignDrawing.objects.filter(change__in=within(DesignChange, request.user))
    return get_object_or_404(drawings.select_related("file", "change"), pk=pk)


@designing
@writing
@require_POST
def drawing_remove(request, pk):
    drawing = _own_drawing(request, pk)
    try:
        drafting.remove_drawing(drawing, by=request.user)
    except DesignError as error:
        messages.error(request, str(error))
    return site_redirect(request, "design", drawing.change_id)


@designing
@require_safe
def drawing_file(request, pk, variant=None):
    drawing = _own_drawing(request, pk)
    return deliver(request, drawing.file, variant=variant, name=drawing.name.rpartition(".")[0] or drawing.name)
