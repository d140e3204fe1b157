"""Numbers that people would rather see: drawn as SVG on the server, with the same numbers as a table beside it."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

TOP, FLOOR, LEFT = 20, 160, 8  # pixels, pixels, per cent
BAR = 0.66  # of the room that a bar has


@register.inclusion_tag("ui/parts/bar_chart.html")
def bar_chart(title, bars, goal=None, note="", heading="", value_heading="", most=100):
    """Bars of per cent, or of what has `most` as its highest.

    `bars`: [{"label", "value" or None, "now"}], oldest first; `goal`: a dashed line.
    """
    room = (100 - LEFT) / max(len(bars), 1)
    drawn = [_bar(bar, LEFT + room * place, room, most) for place, bar in enumerate(bars)]
    return {
        "title": title,
        "words": _("%(title)s: %(numbers)s") % {"title": title, "numbers": ", ".join(_in_words(bar) for bar in bars)},
        "bars": drawn,
        "goal": goal,
        "goal_y": goal is not None and _height(goal, most),
        "note": note,
        "heading": heading,
        "value_heading": value_heading or title,
    }


def _bar(bar, left, room, most):
    value = bar["value"]
    top = FLOOR if value is None else _height(value, most)
    return {
        **bar,
        "x": f"{left + room * (1 - BAR) / 2:.2f}",
        "middle": f"{left + room / 2:.2f}",
        "width": f"{room * BAR:.2f}",
        "y": f"{top:.1f}",
        "height": f"{FLOOR - top:.1f}",
        "text_y": f"{min(top + 26, FLOOR - 6):.1f}" if FLOOR - top > 30 else f"{top - 6:.1f}",
        "inside": FLOOR - top > 30,
    }


def _height(value, most):
    return FLOOR - (FLOOR - TOP) * min(max(value, 0), most) / most


def _in_words(bar):
    return f"{bar['label']} {_('nothing') if bar['value'] is None else bar['value']}"
