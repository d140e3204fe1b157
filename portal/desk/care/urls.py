"""Rules of care."""

from django.urls import path

from . import acts, drafts, dry_run, lists, rules

app_name = "desk_care"
urlpatterns = [
    path("", lists.rules, name="rules"),
    path("new/", drafts.add, name="add"),
    path("<uuid:pk>/", rules.rule, name="rule"),
    path("<uuid:pk>/change/", drafts.change, name="change"),
    path("<uuid:pk>/dry-run/", dry_run.dry_run, name="dry-run"),
    path("<uuid:pk>/take-out/", dry_run.take_out, name="take-out"),
    path("<uuid:pk>/version/", acts.new_version, name="new-version"),
    path("<uuid:pk>/hand-in/", acts.hand_in, name="hand-in"),
    path("<uuid:pk>/take-back/", acts.take_back, name="take-back"),
    path("<uuid:pk>/approve/", acts.approve, name="approve"),
    path("<uuid:pk>/off/", acts.switch_off, name="off"),
    path("<uuid:pk>/drop/", acts.drop, name="drop"),
]
