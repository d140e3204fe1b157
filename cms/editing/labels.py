"""Buttons that say what they will do: “Publish on 3 December, 09:00” instead of “Schedule to publish”."""

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.action_menu import PublishMenuItem, SubmitForModerationMenuItem, WorkflowMenuItem

from . import words


def draft_of(context):
    """The page that is being edited or, while it is being made, None."""
    return context.get("page")


class Publish(PublishMenuItem):
    template_name = "cms/editing/button_publish.html"

    def says(self, context):
        page = draft_of(context)
        return words.publishing(page, at=timezone.now()) if page else _("Publish now")

    def get_context_data(self, parent_context):
        return super().get_context_data(parent_context) | {"label": self.says(parent_context)}


class HandIn(SubmitForModerationMenuItem):
    template_name = "cms/editing/button_hand_in.html"

    def says(self, context):
        page = draft_of(context)
        return words.handing_in(page, at=timezone.now()) if page else _("Hand in for approval")

    def get_context_data(self, parent_context):
        return super().get_context_data(parent_context) | {"label": self.says(parent_context)}


def say_what_they_do(items, request, context):
    """Hook `construct_page_action_menu`: our own in place of Wagtail's, in the same order."""
    for place, item in enumerate(items):
        if isinstance(item, PublishMenuItem):
            items[place] = Publish(item.order)
        elif isinstance(item, SubmitForModerationMenuItem):
            items[place] = HandIn(item.order)
        elif isinstance(item, WorkflowMenuItem) and item.name == "approve":
            item.template_name = "cms/editing/button_approve.html"
            item.says = _("Approve with a comment") if item.launch_modal else _approving(context)
            item.label = item.says


def _approving(context):
    return words.approving(draft_of(context), at=timezone.now())


def said(action_menu, context):
    """[(name of the button, what it says)] of an editor that saves by itself, where the buttons stay as they were."""
    items = [action_menu.default_item, *action_menu.menu_items]
    found = [(item.name, item.says(context)) for item in items if isinstance(item, Publish | HandIn)]
    approve = [("approve", _approving(context)) for item in items if item and item.name == "approve"]
    return found + approve[:1]
