"""The addresses of tickets' figures, patterns and PDFs, for the table in tests/urls_table.py."""

REPORTS = [
    ("desk_reports:figures", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("POST desk_reports:export", [], "L 4 4 4 4 4 4 4 4 4 4 4 4"),  # without saying what
    ("desk_reports:patterns", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_reports:pattern", ["pattern"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("POST desk_reports:warn", ["pattern"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),  # the form, which wants words
    ("POST desk_reports:settle", ["pattern"], "L 4 4 4 4 4 4 4 4 4 4 2 4"),  # the form, which wants a reason
    ("desk_reports:paper", ["ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("POST desk_reports:paper_ask", ["ticket"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("desk_reports:paper_file", ["ticket", "ticket paper"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),  # the owner's
    ("home:ticket-pdf", ["ticket"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("home:ticket-pdf", ["personal ticket"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),
    ("POST home:ticket-pdf-ask", ["ticket"], "L 4 4 3 3 4 4 4 4 4 4 4 4"),
    ("home:ticket-pdf-file", ["ticket", "ticket paper"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),
]
