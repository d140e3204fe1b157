"""The addresses of formal complaints and of the complaints board, for the table in tests/urls_table.py."""

COMPLAINTS = [
    ("home:complaint", ["complained ticket"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),
    ("POST home:complaint-withdraw", ["complained ticket"], "L 4 4 3 4 4 4 4 4 4 4 4 4"),
    ("home:letter", ["complaint letter"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),
    ("home:board-entry", ["solved ticket"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),
    ("POST home:board-agree", ["solved ticket"], "L 4 4 3 4 4 4 4 4 4 4 4 4"),
    ("POST home:board-refuse", ["solved ticket"], "L 4 4 3 4 4 4 4 4 4 4 4 4"),
    ("desk_complaint:index", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_complaint:index_results", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_complaint:history", ["formal complaint"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_complaint:history_results", ["formal complaint"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_complaint:inspect", ["formal complaint"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("POST desk_complaint:reviewer", ["formal complaint"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),  # the form, which wants one
    ("POST desk_complaint:write", ["formal complaint"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),  # the form, which wants words
    ("desk_complaint:letter", ["complaint letter"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_deadlines:index", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_deadlines:index_results", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_deadlines:add", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_deadlines:edit", ["complaint deadlines"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("desk_deadlines:history", ["complaint deadlines"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("desk_deadlines:history_results", ["complaint deadlines"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("desk_board:index", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_board:index_results", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_board:words", ["solved ticket"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_board:history", ["board entry"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_board:history_results", ["board entry"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("POST desk_board:publish", ["solved ticket"], "L 4 4 4 4 4 4 4 4 4 4 3 4"),
]
