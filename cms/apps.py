from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Pages")

    def ready(self):
        from . import privacy, tasks  # noqa: F401  registers what is held, and the recurring work
        from .found import generations, serving  # noqa: F401  marks public pages
        from .search import pages  # noqa: F401  registers them among what is searched

        generations.watch()
