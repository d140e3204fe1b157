from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "progress.questions"
    verbose_name = _("Questions")

    def ready(self):
        from . import notices, privacy, transfers  # noqa: F401  registers what is told and held, and what a resale means
