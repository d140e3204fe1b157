"""The addresses of dossiers, for the table in tests/urls_table.py."""

DOSSIERS = [
    ("home:dossier", ["home"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),
    ("POST home:dossier-ask", ["home", "pdf"], "L 4 4 3 4 4 4 4 4 4 4 4 4"),
    ("home:dossier-file", ["dossier"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),  # whoever asked for it
]
