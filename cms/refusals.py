"""What Wagtail would answer with an error page: publishing what its own form would not let through."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class RefusalMiddleware:
    """In the admin, a page that may not go on line as it is gives a message, on the page where one came from.

    Approving a draft or publishing several pages from the list goes past the editor's form, and so past its messages;
    the page itself still refuses.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.desk = reverse("wagtailadmin_home")

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, ValidationError) or not request.path.startswith(self.desk):
            return None
        messages.error(request, " ".join(exception.messages))
        back = request.META.get("HTTP_REFERER", "")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        return redirect(back if safe and request.method == "POST" else self.desk)
