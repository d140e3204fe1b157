"""What is chosen, looked at and confirmed instead of being filled in, and undone for a while: a transfer, a merge."""

from django.urls import path, reverse

from .scoped import ScopedIndexView, ScopedModelViewSet


class FlowIndexView(ScopedIndexView):
    """Its "add" leads to the first step."""

    def get_add_url(self):
        first = self.index_url_name.replace(":index", ":new")
        return reverse(first) if self.user_has_permission("add") else None


class FlowViewSet(ScopedModelViewSet):
    """The steps are views: `new` shows what it would mean, `confirm` does it, `undo` takes a row."""

    steps = {}
    index_view_class = FlowIndexView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("new/", self.steps["new"], name="new"),
            path("confirm/", self.steps["confirm"], name="confirm"),
            path("<uuid:pk>/undo/", self.steps["undo"], name="undo"),
        ]
