"""Every address of the site. Certificates, the API and health have no language; pages have one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from edu.portal import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("i18n/", include("django.conf.urls.i18n")),
    path("cms/", include(wagtailadmin_urls)),
    path("operator/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),  # one door
    path("operator/", admin.site.urls),
    path("documents/", include(wagtaildocs_urls)),
]
urlpatterns += [
    path("", include("credits.certificates.public_urls")),  # /v/<token> and /verify/: they stand on paper
    path("", include("credits.checking.public_urls")),  # /check/, /trust/ and /s/<token>: checking without an account
    path("", include("credits.log.public_urls")),  # /log/checkpoint and /log/tile/…: programs fetch them
    path("lti/", include("courses.lti.wire_urls")),  # other servers ask and are answered here
    path("textbooks/", include("courses.textbooks.public_urls")),  # public keys and the script that checks a pack
    path("api/", include("edu.api.urls")),
]
urlpatterns += i18n_patterns(
    path("", include("edu.design.urls")),
    path("account/", include("edu.people.urls")),
    path("account/", include("edu.api.page_urls")),
    path("account/", include("edu.people.allauth_urls")),
    path("notices/", include("edu.notices.urls")),
    path("", include("courses.urls")),
    path("", include("credits.urls")),
    path("", include("edu.portal.urls")),
    path("", include(wagtail_urls)),
)
