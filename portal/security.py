"""What every request is cleared of, and the headers that every answer carries.

`SECURE_CSP` has Django 6's form, so that its middleware can replace that part.
"""

from django.conf import settings


class SecurityHeadersMiddleware:
    """Content-Security-Policy by path, Permissions-Policy, and no cache but for what says that it is public.

    A view that set its own policy keeps it.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.strict = policy(settings.SECURE_CSP)
        self.by_prefix = {prefix: policy(rules) for prefix, rules in settings.SECURE_CSP_BY_PREFIX.items()}

    def __call__(self, request):
        clear(request)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Content-Security-Policy", self.policy_for(request.path))
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response

    def policy_for(self, path):
        """The policy of the first prefix that `path` starts with, else the strict one."""
        return next((text for prefix, text in self.by_prefix.items() if path.startswith(prefix)), self.strict)


def clear(request):
    """Pass over what no browser sends: NUL in a cookie, which PostgreSQL can't look for."""
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}


def policy(rules):
    """The header's text for a mapping of directives to lists of sources."""
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in rules.items())
