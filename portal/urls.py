"""All addresses of the portal."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views import set_language
from cms.found import views as found
from cms.search.views import search
from portal import health
from portal.desk import doors
from portal.home import enquire
from portal.home.feed import calendar
from portal.media import media

urlpatterns = [
    path("robots.txt", found.robots, name="robots"),
    path("sitemap.xml", found.sitemap, name="sitemap"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("enquire/", enquire.enquire, name="enquire"),
    path("enquire/<uuid:pk>/<str:mac>/", enquire.thanks, name="enquire-thanks"),
    path("my/", include("portal.home.urls")),
    path("calendar/<uuid:pk>/<str:mac>.ics", calendar, name="feed"),
    path("site/", include("portal.desk.site_urls")),
    path("jobs/", include("portal.tickets.jobs.urls")),
    path("account/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("", include("accounts.urls")),
    path("desk/", include("portal.desk.urls")),
    path("documents/", include(wagtaildocs_urls)),  # what editors publish; customers' papers lie elsewhere
]

if settings.DEBUG:
    urlpatterns.append(path("ui/", include("portal.ui.urls")))

# Behind a front server that one has editors' pictures, unless they lie in a bucket.
urlpatterns.append(path("media/<path:path>", media, name="media"))

# The public site: the language stands in the address, so that each page has one and caches may keep it.
urlpatterns += i18n_patterns(
    # In place of Wagtail's log-in for private pages, which asks for a password alone.
    path("_util/login/", doors.login, name="no-other-login"),
    path("search/", search, name="search"),
    path("news.xml", found.news_feed, name="news-feed"),
    path("", include(wagtail_urls)),
)
