from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "progress.contacts"
    verbose_name = _("People around the home")

    def ready(self):
        from . import introductions, leaving, notices, privacy, tasks, transfers  # noqa: F401  they register themselves
