from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpinionsConfig(AppConfig):
    name = "portal.bookings.opinions"
    verbose_name = _("Opinions")

    def ready(self):
        from . import citing, notices, privacy, tasks  # noqa: F401  registers what is cited, told, held and swept
