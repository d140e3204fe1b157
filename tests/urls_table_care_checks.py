"""The addresses of checks, for the table in tests/urls_table.py."""

CHECKS = [
    ("home:checks", ["home"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),
    ("home:check", ["a check"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),
    ("home:check", ["self-check"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),
    ("POST home:check-start", ["home", "code of a form"], "L 4 4 3 4 4 4 4 4 4 4 4 4"),
    ("POST home:check-record", ["self-check", "self-check item"], "L 4 4 2 4 4 4 4 4 4 4 4 4"),  # the form, refused
    ("POST home:check-record", ["a check", "check item"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),  # none of theirs to fill in
    ("POST home:check-finish", ["self-check"], "L 4 4 3 4 4 4 4 4 4 4 4 4"),
    ("POST home:check-sign", ["a check"], "L 4 4 3 3 3 4 4 4 4 4 4 4"),  # the page says who may
    ("home:check-report", ["a check"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),  # not made yet
    ("home:check-photo", ["check photo", "file"], "L 4 4 2 2 2 4 4 4 4 4 4 4"),
    ("home:care", ["care promise"], "L 4 4 2 2 4 4 4 4 4 4 4 4"),
    ("POST home:care-score", ["care promise"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),  # nothing was asked
    ("site:checks", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("site:check", ["a check"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("POST site:check-record", ["a check", "check item"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the form, refused
    ("POST site:check-choose", ["a check", "finding"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("POST site:check-finish", ["a check"], "L 4 4 4 4 4 4 3 4 3 4 3 4"),
    ("POST site:check-sign", ["a check"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),  # the form, refused
    ("site:check-photo", ["check photo", "file"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_checks:checks", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_checks:check", ["a check"], "L 4 4 4 4 4 4 2 4 2 4 2 4"),
    ("desk_checks:report", ["a check"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),  # not made yet
    ("desk_checks:forms", [], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_checks:form", ["draft form"], "L 4 4 4 4 4 4 2 2 2 2 2 2"),
    ("desk_checks:form-add", [], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("desk_checks:form-change", ["draft form"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("POST desk_checks:form-version", ["draft form"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("POST desk_checks:form-use", ["draft form"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
    ("POST desk_checks:form-drop", ["draft form"], "L 4 4 4 4 4 4 4 4 4 4 4 4"),
]
