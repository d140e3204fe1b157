"""Documents of homes on the desk: the list, one document with its versions, and sending new ones."""

from django.contrib import messages
from django.db.models import Q
from django.forms import RadioSelect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django_filters import ChoiceFilter
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import HeaderButton

from accounts.events.looks import note_look
from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_documents
from progress.documents import actions
from progress.documents.actions import DocumentError
from progress.documents.models import DocumentBatch, HomeDocument
from progress.models import Home

from .choosers import home_chooser
from .documents_forms import (
    ChangeForm,
    DocumentForm,
    ManyForm,
    VersionForm,
    WithdrawForm,
    before_transfer,
    place_forms,
)
from .scoped import (
    ScopedCreateView,
    ScopedFilterSet,
    ScopedIndexView,
    ScopedInspectView,
    ScopedModelViewSet,
    allowed,
    within,
)
from .uploads import sent_by_script

ADD, CHANGE = "documents.add_homedocument", "documents.change_homedocument"


def _own(request, pk):
    documents = within(HomeDocument, request.user).select_related("home__development", "file")
    return get_object_or_404(documents, pk=pk)


class DocumentFilterSet(ScopedFilterSet):
    state = ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("shown", gettext_lazy("shown")), ("withdrawn", gettext_lazy("withdrawn"))],
        method="in_state",
        empty_label=gettext_lazy("All"),
        widget=RadioSelect,
    )

    class Meta:
        model = HomeDocument
        fields = {"home__development": ["exact"], "kind": ["exact"], "min_role": ["exact"]}

    def in_state(self, documents, name, value):
        return documents.filter(withdrawn_at__isnull=value == "shown")


class DocumentIndexView(ScopedIndexView):
    def search_queryset(self, queryset):
        """Each word in the title, the file's name, the kind in either language, or the number of the home."""
        for word in self.search_query.split() if self.is_searching else ():
            found = HomeDocument.objects.search(word).order_by()
            queryset = queryset.filter(Q(pk__in=found.values("pk")) | Q(home__number__icontains=word))
        return queryset

    @property
    def header_buttons(self):
        many = HeaderButton(_("Add many"), reverse("desk_homedocument:many"), icon_name="folder-open-inverse")
        return [*super().header_buttons, many] if self.user_has_permission("add") else super().header_buttons


@method_decorator([takes_documents, sent_by_script], name="dispatch")
class DocumentCreateView(ScopedCreateView):
    page_title = gettext_lazy("New document")
    template_name = "desk/documents/add.html"

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except (DocumentError, FileError) as error:
            form.add_error(None, str(error))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def get_success_buttons(self):
        return []  # there is no page to change what is published

    def save_instance(self):
        return actions.publish_document(by=self.request.user, at=timezone.now(), **self.form.document())


class DocumentInspectView(ScopedInspectView):
    template_name = "desk/documents/document.html"

    def get_context_data(self, **kwargs):
        versions = HomeDocument.objects.filter(series=self.object.series).select_related("uploader", "file")
        return super().get_context_data(
            document=self.object,
            versions=versions.order_by("-version"),
            private_to=self.object.private_to.all(),
            may_change=self.request.user.has_perm(CHANGE),
            withdraw_form=WithdrawForm(document=self.object),
            **kwargs,
        )


@require_safe
def document_file(request, pk):
    """The file itself. The look is logged."""
    document = _own(request, pk)
    note_look(document, by=request.user, home_id=document.home_id, at=timezone.now())
    return deliver(request, document.file, name=document.download_name)


@allowed(CHANGE)
@takes_documents
@sent_by_script
def new_version(request, pk):
    document = _own(request, pk)
    form = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            newer = actions.publish_version(document, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (DocumentError, FileError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The new version is there, and those who may see it are told."))
            return redirect("desk_homedocument:inspect", newer.pk)
    warning = before_transfer(document.home) if document.is_private else ""
    return render(request, "desk/documents/version.html", {"form": form, "document": document, "warning": warning})


@allowed(CHANGE)
def change(request, pk):
    document = _own(request, pk)
    form = ChangeForm(request.POST or None, document=document)
    if request.method == "POST" and form.is_valid():
        actions.change_document(document, by=request.user, at=timezone.now(), **form.change())
        messages.success(request, _("Changed, in all its versions."))
        return redirect("desk_homedocument:inspect", pk)
    return render(request, "desk/documents/change.html", {"form": form, "document": document})


@allowed(CHANGE)
@require_POST
def withdraw(request, pk):
    document = _own(request, pk)
    form = WithdrawForm(request.POST, document=document)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    whole = form.cleaned_data.get("which") == "all"
    try:
        actions.withdraw_document(document, reason=reason, all_versions=whole, by=request.user, at=timezone.now())
    except DocumentError as error:
        messages.error(request, str(error))
    else:
        done = _("Withdrawn. Owners no longer see this document.") if whole else ""
        messages.success(request, done or _("Withdrawn. Owners no longer see this version."))
    return redirect("desk_homedocument:inspect", pk)


@allowed(ADD)
@takes_documents
@sent_by_script
def many(request):
    """Files are sent here, checked, and kept until the next page says where they go."""
    form = ManyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.keep_waiting(by=request.user, **form.cleaned_data)
        except FileError as error:
            form.add_error(None, str(error))
        else:
            return redirect("desk_homedocument:preview", batch.pk)
    return render(request, "desk/documents/many.html", {"form": form})


def _own_batch(request, pk):
    return get_object_or_404(DocumentBatch, pk=pk, uploader=request.user, published_at__isnull=True)


@allowed(ADD)
def preview(request, pk):
    """Which file goes to which home. Nothing is published before it is confirmed."""
    batch = _own_batch(request, pk)
    homes = within(Home, request.user)
    files, refused = place_forms(batch, homes, request.POST if request.method == "POST" else None)
    problem, valid = "", [each.is_valid() for each in files]  # all, so that each says what is wrong with it
    if request.method == "POST" and all(valid):
        placed = [each.placed() for each in files if each.placed()]
        try:
            count = actions.publish_batch(batch, placed=placed, by=request.user, at=timezone.now())
        except DocumentError as error:
            problem = str(error)
        else:
            words = ngettext("%(count)s document is published.", "%(count)s documents are published.", count)
            messages.success(request, words % {"count": count})
            return redirect("desk_homedocument:index")
    context = {"batch": batch, "files": files, "refused": refused, "problem": problem}
    return render(request, "desk/documents/preview.html", context)


@allowed(ADD)
@require_POST
def dismiss(request, pk):
    actions.dismiss_batch(_own_batch(request, pk))
    messages.success(request, _("The files are thrown away. Nobody has been told of them."))
    return redirect("desk_homedocument:many")


def state(document):
    return _("withdrawn") if document.withdrawn_at else _("shown")


class HomeDocumentViewSet(ScopedModelViewSet):
    model = HomeDocument
    path = "home__development"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Documents of homes")
    menu_name = "home-documents"
    menu_order = 25
    add_to_admin_menu = True
    form_class = DocumentForm
    select_related = ("home__development", "home__building", "uploader")
    ordering = "-created_at"
    list_display = [
        "__str__",
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        "home",
        "version",
        Column("state", label=gettext_lazy("State"), accessor=state),
        DateColumn("created_at", label=gettext_lazy("Uploaded"), sort_key="created_at"),
        "uploader",
    ]
    filterset_class = DocumentFilterSet
    search_fields = ("title_en", "title_zh", "file_name", "home__number")
    index_view_class = DocumentIndexView
    add_view_class = DocumentCreateView
    inspect_view_class = DocumentInspectView
    without = ("edit", "delete", "usage")
    panels = [
        FieldPanel("home", widget=home_chooser.widget_class),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("min_role")]),
        FieldRowPanel([FieldPanel("title_en"), FieldPanel("title_zh")]),
        FieldPanel("upload"),
        FieldPanel("for_present"),
    ]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("many/", many, name="many"),
            path("many/<uuid:pk>/", preview, name="preview"),
            path("many/<uuid:pk>/throw-away/", dismiss, name="dismiss"),
            path("<uuid:pk>/file/", document_file, name="file"),
            path("<uuid:pk>/new-version/", new_version, name="new_version"),
            path("<uuid:pk>/change/", change, name="change"),
            path("<uuid:pk>/withdraw/", withdraw, name="withdraw"),
        ]
