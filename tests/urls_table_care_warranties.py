"""The addresses of warranties, for the table in tests/urls_table.py."""

WARRANTIES = [
    ("home:warranties", ["home"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("home:warranty", ["warranty"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("home:warranties-pdf", ["home"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("POST home:warranties-pdf-ask", ["home"], "L 4 4 3 3 4 4 4 4 4 4 4 4"),
    ("home:warranties-pdf-file", ["home", "certificate"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),  # whoever asked for it
    ("desk_warranty:index", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_warranty:index_results", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_warranty:inspect", ["warranty"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_warranty:history", ["warranty"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_warranty:history_results", ["warranty"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
]
