"""What every page knows of the company."""

from django.conf import settings
from django.utils.translation import get_language


def company(request):
    """`company`: the name in the reader's language, and the hotline."""
    name = settings.COMPANY_NAME
    return {"company": {"name": name.get(get_language(), name["en"]), "hotline": settings.COMPANY_HOTLINE}}
