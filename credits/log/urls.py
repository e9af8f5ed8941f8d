"""The address of the log's page under the language prefix."""

from django.urls import path

from credits.log import views

urlpatterns = [path("log/", views.monitor, name="log")]
