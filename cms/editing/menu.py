"""One place in the menu for what pages share: contacts, price tables, the company, old addresses."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.snippets.models import get_snippet_models

ICONS = {"contactcard": "user", "pricetable": "table"}
ELSEWHERE = {"snippets", "redirects", "company"}  # Wagtail's own items for the same


class PermittedMenuItem(MenuItem):
    def __init__(self, *args, permission, **kwargs):
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request):
        return request.user.has_perm(self.permission)


def shared_between_pages():
    items = [_snippets(model, order) for order, model in enumerate(get_snippet_models())]
    company = reverse("wagtailsettings:edit", args=["cms", "companysettings"])
    redirects = reverse("wagtailredirects:index")
    change = {"company": "cms.change_companysettings", "redirects": "wagtailredirects.change_redirect"}
    items += [
        PermittedMenuItem(
            _("The company"), company, name="the-company", icon_name="home", order=50, permission=change["company"]
        ),
        PermittedMenuItem(
            _("Old addresses"),
            redirects,
            name="old-addresses",
            icon_name="redirect",
            order=60,
            permission=change["redirects"],
        ),
    ]
    return SubmenuMenuItem(_("On many pages"), Menu(items=items), name="shared", icon_name="snippet", order=450)


def _snippets(model, order):
    meta = model._meta
    return PermittedMenuItem(
        capfirst(meta.verbose_name_plural),
        reverse(model.snippet_viewset.get_url_name("list")),
        name=meta.model_name,
        icon_name=ICONS.get(meta.model_name, "snippet"),
        order=order,
        permission=f"{meta.app_label}.change_{meta.model_name}",
    )


def without_the_same_twice(request, items):
    """Hook `construct_main_menu`, `construct_settings_menu`."""
    company = reverse("wagtailsettings:edit", args=["cms", "companysettings"])
    items[:] = [item for item in items if item.name not in ELSEWHERE and getattr(item, "url", "") != company]
