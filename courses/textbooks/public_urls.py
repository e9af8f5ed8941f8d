"""Addresses that stand on paper and in key files, without a language: they never change."""

from django.urls import path

from courses.textbooks import views

app_name = "textbooks"

urlpatterns = [
    path("keys/<uuid:institution_uuid>.txt", views.public_keys, name="keys"),
    path("verify_textbook.py", views.script, name="script"),
]
