"""The addresses of the rules of care, for the table in tests/urls_table.py."""

RULES = [
    ("desk_care:rules", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_care:rule", ["rule"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_care:add", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_care:change", ["draft rule"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("desk_care:dry-run", ["draft rule"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("POST desk_care:take-out", ["draft rule"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("POST desk_care:new-version", ["rule"], "L 4 4 4 4 4 4 4 4 4 4 3 4"),
    ("POST desk_care:hand-in", ["draft rule"], "L 4 4 4 4 4 4 4 4 4 4 3 4"),
    ("POST desk_care:take-back", ["draft rule"], "L 4 4 4 4 4 4 4 4 4 4 3 4"),  # it does not wait
    ("POST desk_care:approve", ["draft rule"], "L 4 4 4 4 4 4 4 4 4 4 3 4"),  # it does not wait
    ("POST desk_care:off", ["rule"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),  # the form, which wants a choice
    ("POST desk_care:drop", ["draft rule"], "L 4 4 4 4 4 4 4 4 4 4 3 4"),
]
