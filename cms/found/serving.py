"""Which answers of Wagtail's are public: those of our page types at their own address."""

from wagtail import hooks

from cms.models import PublicPage

from .pages import mark


@hooks.register("on_serve_page", order=100)
def mark_public_pages(serve):
    """Innermost, so that Wagtail's own check of private pages, around it, takes the mark's header away again."""

    def marked(page, request, args, kwargs):
        response = serve(page, request, args, kwargs)
        return mark(response) if isinstance(page, PublicPage) and response.status_code == 200 else response

    return marked
