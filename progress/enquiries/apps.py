from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnquiriesConfig(AppConfig):
    name = "progress.enquiries"
    verbose_name = _("Enquiries")

    def ready(self):
        from . import notices, privacy, promises  # noqa: F401  registers what is told, held and promised
