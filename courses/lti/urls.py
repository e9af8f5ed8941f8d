"""Addresses of the screens on which an institution connects other servers."""

from django.urls import path

from courses.lti import join_views, views

urlpatterns = [
    path("registry/lti/", views.desk, name="lti"),
    path("registry/lti/tools/new/", views.new_tool, name="lti_tool_new"),
    path("registry/lti/tools/invite/", join_views.invite_tool, name="lti_tool_invite"),
    path("registry/lti/tools/<uuid:tool_uuid>/confirm/", join_views.confirm_tool, name="lti_tool_confirm"),
    path("registry/lti/tools/<uuid:tool_uuid>/", views.tool, name="lti_tool"),
    path("registry/lti/tools/<uuid:tool_uuid>/change/", views.change_tool, name="lti_tool_change"),
    path("registry/lti/platforms/new/", views.new_platform, name="lti_platform_new"),
    path("registry/lti/platforms/invite/", join_views.invite, name="lti_platform_invite"),
    path("registry/lti/platforms/<uuid:platform_uuid>/confirm/", join_views.confirm, name="lti_platform_confirm"),
    path("registry/lti/platforms/<uuid:platform_uuid>/", views.platform, name="lti_platform"),
    path("registry/lti/platforms/<uuid:platform_uuid>/change/", views.change_platform, name="lti_platform_change"),
    path("account/platforms/", views.links, name="lti_links"),
]
