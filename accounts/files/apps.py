import warnings

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "accounts.files"
    verbose_name = _("Private files")

    def ready(self):
        from PIL import Image
        from pillow_heif import register_heif_opener

        from . import privacy, tasks  # noqa: F401  (register what is held, and the sweep)

        register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
        warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
