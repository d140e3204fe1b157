"""What the packages in use hold. Theirs are the tables, ours is the answer for what stands in them."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_q.models import Task
from wagtail.models import ModelLogEntry

from accounts.models import Owner, User
from accounts.sessions import end_sessions

from .people import SECRET
from .registry import Personal, declare, declare_plain
from .ways import BLANKED, BY_TIME, DELETED, WHILE_LOGIN, After, Stays

RESULTS_KEPT, FAILURES_KEPT = 2, 30  # days
HALF_WRITTEN_KEPT = 30  # days

_let_in = _("to let you in")
_desk = _("to show you the desk as you like it")

declare(
    "account.emailaddress",
    of="user",
    heading=_("E-mail addresses of your login"),
    personal={"email verified primary": Personal(_let_in, DELETED, WHILE_LOGIN)},
    plain="id",
)
declare(
    "account.emailconfirmation",
    of="email_address__user",
    personal={"key created sent": Personal(_let_in, DELETED, After(3, since="created"), withheld=SECRET)},
    plain="id",
)
declare(
    "mfa.authenticator",
    of="user",
    heading=_("Your second factors"),
    personal={
        "type created_at last_used_at": Personal(_let_in, DELETED, WHILE_LOGIN),
        "data": Personal(_let_in, DELETED, WHILE_LOGIN, withheld=SECRET),
    },
    plain="id",
)
declare(
    "sessions.session",
    personal={
        "session_key session_data expire_date": Personal(
            _("to know you again from one page to the next"), BY_TIME, After(0, since="expire_date"), withheld=SECRET
        )
    },
)


def _log_out(person, *, by, at):
    if person.user:
        end_sessions(person.user, by=None)


declare(
    "usersessions.usersession",
    of="user",
    heading=_("Where you are signed in"),
    personal={
        "created_at ip last_seen_at user_agent data": Personal(
            _("to show you where you are signed in"), DELETED, After(60, since="last_seen_at")
        ),
        "session_key": Personal(_let_in, DELETED, WHILE_LOGIN, withheld=SECRET),
    },
    plain="id",
    erase=_log_out,
)

declare(
    "wagtailusers.userprofile",
    of="user",
    heading=_("How the desk looks to you"),
    personal={
        "preferred_language current_time_zone avatar dismissibles theme contrast density keyboard_shortcuts "
        "submitted_notifications approved_notifications rejected_notifications "
        "updated_comments_notifications": Personal(_desk, DELETED, WHILE_LOGIN)
    },
    plain="id",
)
declare(
    "wagtailadmin.formstate",
    of="user",
    heading=_("Forms of the desk that you have not finished"),
    personal={
        "data last_updated_at": Personal(
            _("to let you go on where you stopped"), DELETED, After(HALF_WRITTEN_KEPT, since="last_updated_at")
        )
    },
    plain="id content_type object_id parent_object_id",
)
declare(
    "wagtailadmin.editingsession",
    of="user",
    heading=_("Pages that you have open at the desk"),
    personal={
        "last_seen_at is_editing": Personal(
            _("to warn colleagues who edit the same page"), DELETED, After(1, since="last_seen_at")
        )
    },
    plain="id content_type object_id",
)
declare(
    "wagtailcore.apitoken",
    of="user",
    personal={
        "name created revoked_at last_used_at": Personal(_let_in, DELETED, WHILE_LOGIN),
        "key_hash prefix": Personal(_let_in, DELETED, WHILE_LOGIN, withheld=SECRET),
    },
    plain="id",
)
declare(
    "wagtailcore.pagesubscription",
    of="user",
    heading=_("Pages whose comments you follow"),
    personal={"page comment_notifications": Personal(_desk, DELETED, WHILE_LOGIN)},
    plain="id",
)


def _logged_about(person):
    """What Wagtail's own log says about this person's rows; it writes their names into the label."""
    found = Q(pk__in=[])
    for row in (person.user, person.owner):
        if row is not None:
            content_type = ContentType.objects.get_for_model(User if row == person.user else Owner)
            found |= Q(content_type=content_type, object_id=str(row.pk))
    return ModelLogEntry.objects.filter(found)


declare(
    "wagtailcore.modellogentry",
    by="user",
    rows=_logged_about,
    heading=_("What the desk's own log says about you"),
    personal={"label data": Personal(_("to know who changed what at the desk"), BLANKED, WHILE_LOGIN)},
    plain="id content_type action timestamp uuid revision content_changed deleted object_id",
)

# What staff write about pages of the public site belongs to the company; the login behind it is made nobody's.
_editing = Personal(
    _("to work together on pages"),
    Stays(_("stays with the page; your name no longer stands beside it")),
    withheld=_("what staff wrote about pages at work"),
)
declare(
    "wagtailcore.comment",
    by="user resolved_by",
    personal={"text": _editing},
    plain="id page contentpath position created_at updated_at revision_created resolved_at",
)
declare("wagtailcore.commentreply", by="user", personal={"text": _editing}, plain="id comment created_at updated_at")
declare(
    "wagtailcore.taskstate",
    by="finished_by",
    personal={"comment": _editing},
    plain="id workflow_state revision task status started_at finished_at content_type",
)
declare("wagtailcore.workflowstate", by="requested_by", plain="*")
declare("wagtailcore.pagelogentry", by="user", plain="*")  # of public pages
declare("wagtailcore.revision", by="user", plain="*")
declare("wagtailcore.page", by="locked_by owner", plain="*")
declare("wagtailcore.uploadedfile", by="uploaded_by_user", plain="*")
declare("wagtaildocs.document", by="uploaded_by_user", plain="*")
declare("wagtailimages.image", by="uploaded_by_user", plain="*")


def _results(*, at):
    succeeded = Q(success=True, stopped__lt=at - timedelta(days=RESULTS_KEPT))
    return Task.objects.filter(succeeded | Q(stopped__lt=at - timedelta(days=FAILURES_KEPT)))


declare(
    "django_q.task",
    personal={
        "args kwargs result": Personal(
            _("to find what went wrong in the background"),
            BY_TIME,
            After(FAILURES_KEPT, rows=_results),
            withheld=_("numbers of entries, and errors of our own programs"),
        )
    },
    plain="id name func hook group cluster started stopped success attempt_count",
)

declare_plain(
    "auth.group",
    "auth.permission",
    "contenttypes.contenttype",
    "django_q.ormq",  # tasks carry ids alone
    "django_q.schedule",
    "simple_translation.simpletranslation",
    "taggit.tag",
    "taggit.taggeditem",
    "wagtailadmin.admin",
    "wagtailcore.collection",
    "wagtailcore.collectionviewrestriction",
    "wagtailcore.groupapprovaltask",
    "wagtailcore.groupcollectionpermission",
    "wagtailcore.grouppagepermission",
    "wagtailcore.groupsitepermission",
    "wagtailcore.locale",
    "wagtailcore.pageviewrestriction",
    "wagtailcore.referenceindex",
    "wagtailcore.site",
    "wagtailcore.task",
    "wagtailcore.workflow",
    "wagtailcore.workflowcontenttype",
    "wagtailcore.workflowpage",
    "wagtailcore.workflowtask",
    "wagtaildocs.documentpermission",
    "wagtailembeds.embed",
    "wagtailimages.rendition",
    "wagtailredirects.redirect",
    "wagtailsearch.indexentry",  # pages, images and documents of the public site: customers' rows are not indexed
    "wagtailsearch.sqliteftsindexentry",
)
