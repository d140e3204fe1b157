from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedsConfig(AppConfig):
    name = "progress.feeds"
    verbose_name = _("Calendar feeds")

    def ready(self):
        from . import privacy, standard, transfers  # noqa: F401  they register themselves
