"""Questions to the staff: asked about what one sees of one's home, read and followed up by whoever asked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from portal.tickets.raising import raise_ticket
from progress.models import Home
from progress.questions import actions, subjects
from progress.questions.actions import QuestionError
from progress.questions.forms import FollowUpForm, QuestionForm
from progress.questions.models import Question, with_subjects

from .guards import own_home, private

TONES = {"open": "info", "answered": "good", "closed": "quiet"}
ICONS = {"": "home", "update": "helmet", "document": "document", "milestone": "calendar"}


@private
def ask(request, home_id, kind="", pk=None):
    """A form that shows what the question is about: something that the person sees of the home, or the home itself.

    It becomes a ticket that nobody else of the household sees. What was asked before tickets stays as it was.
    """
    home = own_home(request, home_id)
    subject = _subject(request.user, home, kind, pk) if kind else None
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = raise_ticket(
                ticket_id=form.cleaned_data["question_id"],
                home=home,
                owner=request.user.owner,
                kind=Ticket.Kind.QUESTION,
                text=form.cleaned_data["text"],
                subject=subject,
                personal=True,
                by=request.user,
                at=timezone.now(),
            )
        except TicketError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("We have your question. You read the answer here, and we send it to you."))
            return redirect("home:ticket", ticket.pk)
    context = {
        "home": home,
        "form": form,
        "icon": ICONS[kind],
        "kind": subjects.kind_in_words(subject),
        "title": subjects.title_of(subject) if subject else home,
    }
    return render(request, "home/questions/ask.html", context)


def _subject(user, home, kind, pk):
    if kind not in subjects.Kind.values:
        raise Http404
    return get_object_or_404(subjects.shown(kind, user=user, home=home), pk=pk)


def _mine(request):
    """The person's own questions, newest first."""
    questions = Question.objects.asked_by(request.user, on=timezone.localdate())
    return questions.select_related("home__development", "home__building")


@private
@require_safe
def questions(request):
    page = Paginator(_mine(request), 20).get_page(request.GET.get("page"))
    page.object_list = with_subjects(page.object_list)
    for question in page:
        question.icon, question.tone = ICONS[question.subject_kind], TONES[question.state]
    homes = {str(home.pk): home for home in Home.objects.lived_in_by(request.user).with_place()}
    home = homes.get(request.session.get("home")) or next(iter(homes.values()), None)
    if home:
        request.home = home
    return render(request, "home/questions/list.html", {"page": page, "home": home})


def _own(request, pk):
    question = get_object_or_404(_mine(request), pk=pk)
    timezone.activate(question.home.development.time_zone)
    return question


@private
@require_safe
def question(request, pk):
    question = _own(request, pk)
    if request.method == "GET":
        actions.note_read(question, by=request.user, at=timezone.now())
    return _page(request, question, FollowUpForm())


@private
@require_POST
def reply(request, pk):
    question, form = _own(request, pk), FollowUpForm(request.POST)
    if form.is_valid():
        try:
            actions.follow_up(question, by=request.user, at=timezone.now(), **form.cleaned_data)
        except QuestionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("We have it. You read the answer here, and we send it to you."))
            return redirect("home:question", pk)
    return _page(request, question, form)


def _page(request, question, form):
    """With the form only where something may be added, or with the words that were refused."""
    home = Home.objects.lived_in_by(request.user).with_place().filter(pk=question.home_id).first()
    if home:
        request.home = home
    url, ask_url = _ways(question, home, request.user)
    context = {
        "question": question,
        "home": question.home,
        "icon": ICONS[question.subject_kind],
        "tone": TONES[question.state],
        "replies": question.replies.select_related("author"),
        "url": url,
        "ask_url": ask_url,
        "form": form if form.is_bound or (home and not question.is_closed) else None,
    }
    return render(request, "home/questions/question.html", context)


def _ways(question, home, user):
    """The addresses of what it is about, and of a new question about that: while the person sees it, else ""."""
    kind, pk = question.subject_kind, question.subject_id
    if home is None:
        return "", ""
    if not kind:
        return reverse("home:home", args=[home.pk]), reverse("home:ask", args=[home.pk])
    if not subjects.shown(kind, user=user, home=home).filter(pk=pk).exists():
        return "", reverse("home:ask", args=[home.pk])
    pages = {
        "update": reverse("home:update", args=[pk]),
        "document": reverse("home:documents", args=[home.pk]),
        "milestone": reverse("home:journey", args=[home.pk]) + "#stages",
    }
    return pages[kind], reverse("home:ask-about", args=[home.pk, kind, pk])
