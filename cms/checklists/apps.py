from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecklistsConfig(AppConfig):
    name = "cms.checklists"
    label = "checklists"
    verbose_name = _("Checklists")

    def ready(self):
        from . import privacy, promising, reminding, tasks, transfers  # noqa: F401  register themselves
