"""The addresses of tickets, for the table in tests/urls_table.py. The words name what `ticketed` makes."""

OWNERS = [
    ("home:tickets", ["home"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),
    ("home:ticket-raise", ["home"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),
    ("POST home:ticket-similar", ["home"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),
    ("home:repairs", ["home"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("home:ticket", ["ticket"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("home:ticket", ["personal ticket"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),
    ("POST home:ticket-reply", ["ticket"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),  # the form, which wants words
    ("POST home:ticket-not-fixed", ["resolved ticket"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),  # the form, which wants words
    ("POST home:ticket-confirm", ["resolved ticket"], "L 4 4 3 3 4 4 4 4 4 4 4 4"),
    ("POST home:ticket-reopen", ["resolved ticket"], "L 4 4 3 3 4 4 4 4 4 4 4 4"),
    ("POST home:ticket-withdraw", ["personal ticket"], "L 4 4 3 4 4 4 4 4 4 4 4 4"),
    ("POST home:ticket-privacy", ["ticket"], "L 4 4 3 3 4 4 4 4 4 4 4 4"),  # by others: told why not
    ("POST home:ticket-score", ["ticket"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),  # the form, which wants a score
    ("POST home:ticket-agree", ["ticket pause"], "L 4 4 3 3 4 4 4 4 4 4 4 4"),
    ("POST home:ticket-decline", ["ticket pause"], "L 4 4 3 3 4 4 4 4 4 4 4 4"),
    ("home:ticket-file", ["ticket photo", "thumb"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("home:ticket-file", ["note photo", "thumb"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("home:ticket-sheet", ["service sheet"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
]

TICKETS = [
    *OWNERS,
    ("desk_ticket:index", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_ticket:raise", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_ticket:raise_at", ["home"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:inspect", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:history", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:history_results", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:assign", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:route", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:pause", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:postpone", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:resolve", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:visit", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:call", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:take_up", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:warranty", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:merge", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("POST desk_ticket:reply", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the page, which wants words
    ("POST desk_ticket:note", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the page, which wants words
    ("POST desk_ticket:sentence", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the page, which wants words
    ("POST desk_ticket:resume", ["ticket"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("POST desk_ticket:agree", ["ticket"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("POST desk_ticket:decline", ["ticket"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("POST desk_ticket:unmerge", ["ticket"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("POST desk_ticket:confirm", ["ticket"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("desk_ticket:file", ["ticket photo", "thumb"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_ticket:file", ["note photo", "thumb"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_duty:index", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_duty:index_results", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_duty:add", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_duty:edit", ["duty"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("desk_duty:history", ["duty"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("desk_duty:history_results", ["duty"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),
    ("POST desk_duty:remove", ["duty"], "L 4 4 4 4 4 4 4 4 4 4 3 4"),
    ("desk_emergencyword:index", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_emergencyword:index_results", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_emergencyword:add", [], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_emergencyword:edit", ["emergency word"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_emergencyword:history", ["emergency word"], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_emergencyword:history_results", ["emergency word"], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("POST desk_emergencyword:remove", ["emergency word"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_route:index", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_route:index_results", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_route:add", [], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_route:edit", ["route"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_route:history", ["route"], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_route:history_results", ["route"], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("POST desk_route:remove", ["route"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_macro:index", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_macro:index_results", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_macro:add", [], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_macro:edit", ["macro"], "L 4 4 4 4 4 4 4 4 4 4 2 2"),
    ("desk_macro:inspect", ["macro"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_macro:history", ["macro"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_macro:history_results", ["macro"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
]

MAIL = [
    ("desk_mail:index", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_mail:index_results", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_mail:inspect", ["mail"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_mail:inspect", ["mail of nobody"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_mail:history", ["mail"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_mail:history_results", ["mail"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("POST desk_mail:assign", ["mail"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),  # the form, which wants a home
    ("POST desk_mail:let_in", ["mail"], "L 4 4 4 4 4 4 4 4 3 4 3 4"),
    ("POST desk_mail:discard", ["mail"], "L 4 4 4 4 4 4 4 4 3 4 3 4"),
    ("POST desk_mail:discard_held", ["mail"], "L 4 4 4 4 4 4 4 4 3 4 3 4"),
]
