"""Settings of Wagtail that are the same on every installation."""

WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # never by redirecting to where the file lies, which asks nobody who they are
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True  # a page appears in the other language, too, until it is translated
WAGTAILREDIRECTS_AUTO_CREATE = True
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_AVIF_QUALITY, WAGTAILIMAGES_WEBP_QUALITY = 50, 76  # no difference to be seen beside JPEG at 76
