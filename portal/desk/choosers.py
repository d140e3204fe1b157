"""Windows in which staff choose a home or an owner among the thousands that a list would hold."""

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.permissions import policy_registry

from accounts.models import Owner
from progress.models import Home

from .scoped import within


class ScopedChooser(BaseChooser):
    """Shows the chosen row only if `user` may see it; Wagtail's own would name any row whose id is posted."""

    user = None  # ScopedForm sets it

    def get_instance(self, value):
        if value is None or self.user is None:
            return None
        pk = value.pk if isinstance(value, self.model_class) else value
        try:
            return within(self.model_class, self.user).get(pk=pk)
        except (ObjectDoesNotExist, ValidationError):
            return None


class Chosen:
    """Starts from the rows that the person may see; whoever may see none is told there is no such page."""

    select_related = ()

    def dispatch(self, request, *args, **kwargs):
        if not policy_registry.get_by_type(self.model_class).user_has_any_permission(request.user, ["view", "change"]):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def rows(self):
        return within(self.model_class, self.request.user).select_related(*self.select_related)

    def rows_with(self, pks):
        try:
            return list(self.rows().filter(pk__in=pks))
        except ValidationError as error:  # not an id at all
            raise Http404 from error


class Listed(Chosen):
    more_columns = ()

    def get_object_list(self):
        return self.rows()

    def can_create(self):
        return False

    @property
    def columns(self):
        return [self.title_column, *self.more_columns]


class ScopedChooseView(Listed, chooser.ChooseView):
    pass


class ScopedChooseResultsView(Listed, chooser.ChooseResultsView):
    pass


class ScopedChosenView(Chosen, chooser.ChosenView):
    def get_object(self, pk):
        found = self.rows_with([pk])
        if not found:
            raise Http404
        return found[0]


class ScopedChosenMultipleView(Chosen, chooser.ChosenMultipleView):
    def get_objects(self, pks):
        return self.rows_with(pks)


class SearchForm(BaseFilterForm):
    """Looks for the words in each of `searched`."""

    q = forms.CharField(label=_("Search"), required=False)
    searched = ()

    def filter(self, objects):
        self.search_query = self.cleaned_data["q"].strip()
        self.is_searching = bool(self.search_query)
        found = Q()
        for field in self.searched if self.is_searching else ():
            found |= Q(**{f"{field}__icontains": self.search_query})
        return objects.filter(found)


class HomeSearch(SearchForm):
    searched = ("number", "building__name", "development__name_en", "development__name_zh")


class OwnerSearch(SearchForm):
    searched = ("name", "customer_no")


class ScopedChooserViewSet(ChooserViewSet):
    """The only chooser for customers' data. It makes no rows."""

    base_widget_class = ScopedChooser
    choose_view_class = ScopedChooseView
    choose_results_view_class = ScopedChooseResultsView
    chosen_view_class = ScopedChosenView
    chosen_multiple_view_class = ScopedChosenMultipleView
    filter_form_class = None
    more_columns = ()
    select_related = ()

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            filter_form_class=self.filter_form_class,
            more_columns=self.more_columns,
            select_related=self.select_related,
            **kwargs,
        )

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


home_chooser = ScopedChooserViewSet(
    "choose_home",
    url_prefix="choose-home",
    model=Home,
    icon="home",
    choose_one_text=_("Choose a home"),
    choose_another_text=_("Choose another home"),
    edit_item_text=_("Open this home"),
    filter_form_class=HomeSearch,
    select_related=("development", "building"),
    more_columns=[Column("building", label=_("Building"))],
)

owner_chooser = ScopedChooserViewSet(
    "choose_owner",
    url_prefix="choose-owner",
    model=Owner,
    icon="user",
    choose_one_text=_("Choose an owner"),
    choose_another_text=_("Choose another owner"),
    edit_item_text=_("Open this owner"),
    filter_form_class=OwnerSearch,
    more_columns=[Column("customer_no", label=_("Customer number"))],
)
