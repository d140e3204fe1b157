"""In which language a page answers."""

from django.middleware.locale import LocaleMiddleware


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but what is not found stays a 404: only the bare `/` leads to the reader's language.

    The public site answers to every address below `/en/`, so that otherwise each 404 would become a redirect.
    """

    def process_response(self, request, response):
        if response.status_code == 404 and request.path_info != "/":
            return response
        return super().process_response(request, response)
