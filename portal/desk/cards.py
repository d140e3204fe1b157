"""What owners see of each colleague: names, telephone, e-mail, and a photo."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import TitleColumn

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_photos
from progress.contacts.models import Card
from progress.contacts.portraits import set_photo

from .colleagues import colleagues_of
from .contacts_forms import CardForm
from .scoped import (
    ScopedCreateView,
    ScopedEditView,
    ScopedIndexView,
    ScopedInspectView,
    ScopedModelViewSet,
    ScopedPolicy,
    allowed,
    within,
)
from .uploads import sent_by_script


class CardPolicy(ScopedPolicy):
    """Those of the colleagues whom one looks after, and one's own."""

    def within(self, user):
        rows = self.model._default_manager.all()
        if not self.user_has_any_permission(user, ["view", "change"]):
            return rows.none()
        return rows.filter(Q(user__in=colleagues_of(user).order_by().values("pk")) | Q(user=user.pk))


class KeepsPhoto:
    """The photo goes where private files go, once the card is saved."""

    def save_instance(self):
        card, given = super().save_instance(), self.form.cleaned_data
        if given["picture"] or given.get("without_picture"):
            card = set_photo(card, given["picture"], by=self.request.user)
        return card

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except FileError as error:
            form.add_error("picture", str(error))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


@method_decorator([takes_photos, sent_by_script], name="dispatch")
class CardCreateView(KeepsPhoto, ScopedCreateView):
    template_name = "desk/contacts/card_add.html"


@method_decorator([takes_photos, sent_by_script], name="dispatch")
class CardEditView(KeepsPhoto, ScopedEditView):
    template_name = "desk/contacts/card_edit.html"


class CardInspectView(ScopedInspectView):
    def get_photo_display_value(self):
        if not self.object.photo_id:
            return ""
        url = reverse("desk_card:photo", args=[self.object.pk])
        return format_html('<img src="{}" width="160" height="160" alt="{}">', url, self.object.name)


@allowed("contacts.view_card")
@require_safe
def photo(request, pk):
    card = get_object_or_404(within(Card, request.user).exclude(photo=None).select_related("photo"), pk=pk)
    return deliver(request, card.photo)


def page_of(card):
    return reverse("desk_card:inspect", args=[card.pk])


class CardIndexView(ScopedIndexView):
    default_ordering = ("user__name", "pk")


class CardViewSet(ScopedModelViewSet):
    model = Card
    path = "user"
    policy_class = CardPolicy
    form_class = CardForm
    icon = "user"
    menu_label = _("Contact cards")
    select_related = ("user",)
    list_display = [TitleColumn("name", label=_("Who"), accessor="name", get_url=page_of), "phone", "email"]
    search_fields = ("user__name", "name_en", "name_zh")
    inspect_view_fields = ["user", "name_en", "name_zh", "phone", "email", "photo"]
    index_view_class = CardIndexView
    add_view_class = CardCreateView
    edit_view_class = CardEditView
    inspect_view_class = CardInspectView
    panels = [
        FieldPanel("user"),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_zh")]),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        FieldPanel("picture"),
        FieldPanel("without_picture"),
    ]

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<uuid:pk>/photo/", photo, name="photo")]
