"""Forms with files on the desk, sent by a script that shows how far the sending is."""

from functools import wraps

from django.http import HttpResponse


def sent_by_script(view):
    """Decorator: the script is told where to go on instead of being sent there.

    It would fetch the next page unseen otherwise, and with it the message that the page has for the person.
    """

    @wraps(view)
    def answered(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.headers.get("X-Upload") and response.status_code == 302:
            return HttpResponse(status=204, headers={"X-Location": response.url})
        return response

    return answered
