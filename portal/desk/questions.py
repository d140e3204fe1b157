"""Questions of owners on the desk: the list with what waits, one conversation with its answer, and closing it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from progress.questions import actions
from progress.questions.actions import OvertakenError, QuestionError
from progress.questions.forms import AnswerForm
from progress.questions.models import Question, with_subjects
from progress.scope import may_view

from .scoped import ScopedIndexView, ScopedInspectView, ScopedModelViewSet, allowed, within

CHANGE = "questions.change_question"
TONES = {"open": "warning", "answered": "good", "closed": "quiet"}


def _own(request, pk):
    rows = within(Question, request.user).select_related(*QuestionViewSet.select_related)
    return get_object_or_404(rows, pk=pk)


def _context(question, user, form=None):
    replies = list(question.replies.select_related("author"))
    return {
        "question": question,
        "tone": TONES[question.state],
        "replies": replies,
        "subject_url": _subject_url(question, user),
        "home_url": _url_of(question.home, user),
        "owner_url": _url_of(question.owner, user),
        "may_answer": user.has_perm(CHANGE) and not question.is_closed,
        "form": form or AnswerForm(initial={"seen": len(replies)}),
    }


def _url_of(row, user):
    """The page of a row on the desk, or "" where this member of staff may not see it."""
    model = type(row)
    if not may_view(user, model) or not within(model, user).filter(pk=row.pk).exists():
        return ""
    return reverse(f"desk_{model._meta.model_name}:inspect", args=[row.pk])


def _subject_url(question, user):
    subject = question.subject
    if subject is None:
        return ""
    return _url_of(subject.journey if question.subject_kind == "milestone" else subject, user)


@allowed(CHANGE)
@require_POST
def answer(request, pk):
    """What came in the meantime is shown above the words, which stay in the form."""
    question, form = _own(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(question, by=request.user, at=timezone.now(), **form.cleaned_data)
        except OvertakenError as error:
            form.look_again(seen=question.replies.count())
            form.add_error(None, str(error))
        except QuestionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answer is sent."))
            return redirect("desk_question:inspect", pk)
    return render(request, "desk/questions/question.html", _context(_own(request, pk), request.user, form))


@allowed(CHANGE)
@require_POST
def close(request, pk):
    try:
        actions.close(_own(request, pk), by=request.user)
        messages.success(request, _("The question is closed. Whoever asked can still read it."))
    except QuestionError as error:
        messages.error(request, str(error))
    return redirect("desk_question:inspect", pk)


def beginning(question):
    return Truncator(question.text).chars(90)


class QuestionIndexView(ScopedIndexView):
    default_ordering = None  # what waits stands first
    columns = [
        TitleColumn(
            "text",
            label=gettext_lazy("Question"),
            accessor=beginning,
            get_url=lambda question: reverse("desk_question:inspect", args=[question.pk]),
        ),
        Column("title", label=gettext_lazy("About")),
        Column("home", label=gettext_lazy("Home"), sort_key="home__number"),
        Column("owner", label=gettext_lazy("Asked by"), sort_key="owner__name"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("created_at", label=gettext_lazy("Asked"), sort_key="created_at"),
    ]

    def get_base_queryset(self):
        return super().get_base_queryset().waiting_first()

    def paginate_queryset(self, queryset, page_size):
        """With what each question is about, in one query a kind."""
        paginator, page, rows, more = super().paginate_queryset(queryset, page_size)
        page.object_list = with_subjects(rows)
        return paginator, page, page.object_list, more


class QuestionInspectView(ScopedInspectView):
    """One conversation. Opening it is noted in the log."""

    template_name = "desk/questions/question.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**_context(self.object, self.request.user), **kwargs)


def open_questions(user):
    """The questions that wait for an answer in the developments that `user` sees."""
    return within(Question, user).open()


class QuestionViewSet(ScopedModelViewSet):
    model = Question
    path = "home__development"
    icon = "comment"
    menu_label = gettext_lazy("Questions")
    menu_name = "questions"
    menu_order = 12
    add_to_admin_menu = True
    select_related = ("home__development", "home__building", "owner")
    list_filter = {"state": ["exact"], "home__development": ["exact"], "subject_kind": ["exact"]}
    search_fields = ("text", "home__number", "owner__name", "owner__customer_no")
    index_view_class = QuestionIndexView
    inspect_view_class = QuestionInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    @cached_property
    def menu_item_class(self):
        """The menu says how many wait."""

        def render_component(item, request):
            component = super(item_class, item).render_component(request)
            if waiting := open_questions(request.user).count():
                component.label = f"{component.label} ({waiting})"
            return component

        item_class = type("QuestionMenuItem", (super().menu_item_class,), {"render_component": render_component})
        return item_class

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("<uuid:pk>/answer/", answer, name="answer"),
            path("<uuid:pk>/close/", close, name="close"),
        ]
