"""In the editor of a guide: whom it reaches as it stands."""

from wagtail.admin.panels import Panel


class ReachPanel(Panel):
    """Of the audience that was saved last; a guide for nobody is warned of."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/guides/reach.html"

        def get_context_data(self, parent_context=None):
            from .actions import named_on  # these know models, which know this
            from .models import Edition
            from .reach import reach_of, readers_of

            context = super().get_context_data(parent_context)
            editions = Edition.objects.filter(guide_key=self.instance.translation_key, number=self.instance.version)
            read = readers_of(editions)
            return context | {
                "reach": reach_of(named_on(self.instance)),
                "is_published": bool(editions),
                "readers": sum(read.get((edition.guide_key, edition.number), 0) for edition in editions),
            }
