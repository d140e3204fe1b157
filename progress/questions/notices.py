"""What is told about questions; registered in `QuestionsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import INBOX, Kind, register

from .models import Question, Reply


@register("question-asked")
class QuestionAsked(Kind):
    """To the staff: once for the question, and once for whatever is added to it."""

    label = gettext_lazy("A question waits")
    topic = topics.DESK
    model = Question
    channels = (INBOX,)
    why = gettext_lazy("You receive this message because you look after this development.")

    def subjects(self):
        return Question.objects.select_related("home__development")

    def still_true(self, question):
        return question.is_open

    def still_concerns(self, question, person):
        return Question.objects.for_user(person).filter(pk=question.pk).exists()

    def zone(self, question):
        return question.home.development.time_zone

    def title(self, question):
        return _("A question waits: %(home)s") % {"home": question.home}

    def paragraphs(self, question):
        return [_("About: %(title)s") % {"title": question.title}]

    def url(self, question):
        return reverse("desk_question:inspect", args=[question.pk])


@register("question-answered")
class QuestionAnswered(Kind):
    """To whoever asked, with the words of the answer."""

    label = gettext_lazy("Answers to your questions")
    topic = topics.QUESTIONS
    model = Reply
    action = gettext_lazy("Open the conversation")
    why = gettext_lazy("You receive this message because you asked us a question.")

    def subjects(self):
        return Reply.objects.select_related("question__home__development")

    def still_concerns(self, reply, person):
        return reply.question.owner_id == person.pk

    def zone(self, reply):
        return reply.question.home.development.time_zone

    def title(self, reply):
        return _("Our answer: %(title)s") % {"title": reply.question.title}

    def paragraphs(self, reply):
        return [
            _("You asked us about “%(title)s”. Here is our answer:") % {"title": reply.question.title},
            *self._answer(reply),
        ]

    def in_brief(self, reply):
        return self._answer(reply)[:1]

    def _answer(self, reply):
        return [line for line in reply.text.splitlines() if line.strip()]

    def url(self, reply):
        return reverse("home:question", args=[reply.question_id])
