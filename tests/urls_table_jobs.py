"""The addresses of repairers' phones and of contractors' jobs, for the table in tests/urls_table.py."""

JOBS = [
    ("jobs:job", ["job", "job mac"], "2 2 2 2 2 2 2 2 2 2 2 2 2"),  # whoever has the link needs no login
    ("POST jobs:photos", ["job", "forged"], "4 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("POST jobs:done", ["job", "forged"], "4 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("jobs:file", ["job", "forged", "job file", "thumb"], "4 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_contractor:index", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_contractor:index_results", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_contractor:add", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_contractor:edit", ["contractor"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_contractor:inspect", ["contractor"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_contractor:history", ["contractor"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_contractor:history_results", ["contractor"], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_job:index", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_job:index_results", [], "L 4 4 4 4 4 4 4 4 2 2 2 2"),
    ("desk_job:inspect", ["job"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_job:history", ["job"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_job:history_results", ["job"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("desk_job:give", ["job ticket"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),
    ("POST desk_job:renew", ["job"], "L 4 4 4 4 4 4 4 4 2 4 2 4"),  # the form, which wants a day
    ("POST desk_job:revoke", ["job"], "L 4 4 4 4 4 4 4 4 3 4 3 4"),
    ("POST desk_job:end", ["job"], "L 4 4 4 4 4 4 4 4 3 4 3 4"),
    ("POST desk_job:publish", ["job"], "L 4 4 4 4 4 4 4 4 3 4 3 4"),
    ("site:repairs", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("site:repair", ["job ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("site:repair-sheet", ["job ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("POST site:repair-reply", ["job ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the form, which wants words
    ("POST site:repair-note", ["job ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("POST site:repair-photos", ["job ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the form, which wants photos
    ("POST site:repair-pause", ["job ticket"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the form, which wants a reason
    ("site:repair-file", ["job attachment", "thumb"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
]
