"""The addresses of materials and recalls, for the table in tests/urls_table.py."""

MATERIALS = [
    ("home:materials", ["home"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("home:recall", ["recalled home"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),  # a warning is for all who live there
    ("desk_material:index", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_material:index_results", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_material:add", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_material:many", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_material:edit", ["material"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_material:inspect", ["material"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_material:history", ["material"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_material:history_results", ["material"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_recall:index", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_recall:index_results", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_recall:add", [], "L 4 4 4 4 4 4 4 4 4 4 4 4"),  # whoever works everywhere
    ("desk_recall:edit", ["recall"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_recall:inspect", ["recall"], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_recall:history", ["recall"], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_recall:history_results", ["recall"], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("POST desk_recall:publish", ["recall"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("POST desk_recall:end", ["recall"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_recalledhome:index", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_recalledhome:index_results", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_recalledhome:inspect", ["recalled home"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_recalledhome:history", ["recalled home"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_recalledhome:history_results", ["recalled home"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("POST desk_recalledhome:done", ["recalled home"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the form, which wants words
]
