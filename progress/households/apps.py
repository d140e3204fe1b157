from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    name = "progress.households"
    verbose_name = _("Households")

    def ready(self):
        from . import notices, purposes  # noqa: F401  registers what people are told, and what they are invited to
