"""How the entries of a checklist are shown."""

from django import template
from django.utils.translation import gettext as _

from cms.checklists.reading import Progress
from portal.ui.dates import full_date
from portal.ui.tags.marks import badge

register = template.Library()


@register.simple_tag
def done_badge(lines):
    """How many of the lines of a list are done."""
    return progress_badge(Progress(sum(line.ticked for line in lines), len(lines)))


@register.simple_tag
def progress_badge(progress):
    """ "3 of 9 done"."""
    words = _("%(done)s of %(total)s done") % {"done": progress.done, "total": progress.total}
    return badge(words, tone="good" if progress.is_complete else "quiet", icon="check")


@register.filter
def done_by(line):
    """Who did it and when, or who took the tick back."""
    words = {"who": line.who, "when": full_date(line.when)}
    if line.ours:
        return _("Done by us, %(when)s") % words
    return (_("%(who)s, %(when)s") if line.ticked else _("Taken back by %(who)s, %(when)s")) % words


@register.simple_tag
def due_badge(line, ticking):
    """By when it is to be done."""
    late = line.is_late(ticking.today)
    words = _("Was due on %(day)s") if late else _("By %(day)s")
    return badge(words % {"day": full_date(line.due_on)}, tone="warning" if late else "quiet", icon="calendar")
