"""What editors of pages find in the Wagtail admin besides what it brings."""

from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Locale

from cms.editing import checker, dated, labels, menu, reports
from cms.editing.panels import PagesToDo
from cms.editing.translating import note_begun

hooks.register("construct_page_action_menu", labels.say_what_they_do)
hooks.register("before_edit_page", dated.warn)
hooks.register("construct_wagtail_userbar", checker.check_the_text)
hooks.register("register_admin_menu_item", menu.shared_between_pages)
hooks.register("construct_main_menu", menu.without_the_same_twice)
hooks.register("construct_settings_menu", menu.without_the_same_twice)


@hooks.register("register_admin_urls")
def register_reports():
    urls = [
        path("translations/", reports.TranslationsView.as_view(), name="translations"),
        path("translations/results/", reports.TranslationsView.as_view(results_only=True), name="translations_results"),
        path("translations/<int:pk>/current/", reports.current, name="current"),
        path("dated/", reports.DatedView.as_view(), name="dated"),
        path("dated/results/", reports.DatedView.as_view(results_only=True), name="dated_results"),
    ]
    return [path("reports/pages/", include((urls, "editing"), namespace="editing"))]


class ReportMenuItem(MenuItem):
    def is_shown(self, request):
        return reports.edits_pages(request.user)


@hooks.register("register_reports_menu_item")
def translations_menu():
    address = reverse("editing:translations")
    return ReportMenuItem(gettext_lazy("Translations"), address, name="translations", icon_name="globe", order=10)


@hooks.register("register_reports_menu_item")
def dated_menu():
    address = reverse("editing:dated")
    return ReportMenuItem(gettext_lazy("Dated drafts"), address, name="dated", icon_name="calendar-alt", order=20)


@hooks.register("construct_homepage_panels")
def say_what_needs_somebody(request, panels):
    if reports.edits_pages(request.user):
        panels.append(PagesToDo(request.user))


@hooks.register("register_page_header_buttons")
def translate_this_page(page, user, view_name, next_url=None):
    """Wagtail offers it where there is no page in the other language; here, where it is an alias still."""
    if not user.has_perm("simple_translation.submit_translation") or not page.permissions_for_user(user).can_edit():
        return
    family = [page] if page.alias_of_id else page.get_translations().filter(alias_of=page.pk).select_related("locale")
    for alias in family:
        if alias.alias_of_id and alias.alias_of.locale_id != alias.locale_id:
            label = _("Translate into %(language)s") % {"language": alias.locale.get_display_name()}
            url = reverse("wagtailadmin_pages:convert_alias", args=[alias.pk])
            yield Button(label, url, icon_name="globe", priority=80)


@hooks.register("before_convert_alias_page")
def remember_whose_alias_it_is(request, page):
    request.alias_of = page.alias_of


@hooks.register("after_convert_alias_page")
def note_who_translates(request, page):
    source = request.alias_of
    if source.translation_key == page.translation_key:
        note_begun(page, source_id=source.pk, by=request.user, at=timezone.now())


@hooks.register("after_copy_page")
def show_it_in_the_other_tree(request, page, new_page):
    """A copy appears there, too, as a page that is made anew does."""
    for each in new_page.get_descendants(inclusive=True).filter(alias_of=None).specific():
        for locale in Locale.objects.exclude(pk=each.locale_id):
            if not each.has_translation(locale):
                each.copy_for_translation(locale, copy_parents=True, alias=True)
