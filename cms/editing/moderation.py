"""Whoever may not publish hands in; a supervisor looks at it and publishes. Made anew at each `migrate`."""

from django.apps import apps

from accounts.groups import STRAY, SUPERVISORS

# Wagtail shows a name as it is stored, so that it stands there in both languages.
NAME = "Approval by a supervisor · 主管审核"
WAGTAILS = "Moderators approval"


def make_moderation(using="default", **kwargs):
    """The workflow of all pages, in place of the one that Wagtail's migrations make for a group that is not ours.

    Running it again changes nothing, and what an administrator has arranged otherwise stays: another name, other
    groups, another workflow on the root of the pages. Connected to `post_migrate` of the last application.
    """
    root = apps.get_model("wagtailcore", "Page").objects.using(using).filter(depth=1).first()
    if root is None:
        return
    task = _named(apps.get_model("wagtailcore", "GroupApprovalTask").objects.using(using))
    if not task.groups.exclude(name__in=STRAY).exists():
        group, _created = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=SUPERVISORS)
        task.groups.set([group])
    workflow = _named(apps.get_model("wagtailcore", "Workflow").objects.using(using))
    if not workflow.workflow_tasks.exists():
        workflow.workflow_tasks.create(task=task, sort_order=0)
    on_pages = apps.get_model("wagtailcore", "WorkflowPage").objects.using(using)
    if not on_pages.filter(page=root).exists():
        on_pages.create(page=root, workflow=workflow)


def _named(rows):
    """The row that is ours, else Wagtail's, else the one that an administrator has renamed, else a new one."""
    row = rows.filter(name=NAME).first() or rows.filter(name=WAGTAILS).first() or rows.order_by("pk").first()
    if row is None:
        return rows.create(name=NAME)
    if row.name == WAGTAILS:
        row.name = NAME
        row.save(update_fields=["name"])
    return row
