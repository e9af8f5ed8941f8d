"""A second paper once witnesses came, places in the status lists, and suspension."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import credits.certificates.storage

GUARDS = """
CREATE TRIGGER paper_stays BEFORE UPDATE OR DELETE ON credits_paper
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER status_index_stays BEFORE UPDATE OR DELETE ON credits_statusindex
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
ALTER TABLE credits_paper ENABLE ALWAYS TRIGGER paper_stays;
ALTER TABLE credits_statusindex ENABLE ALWAYS TRIGGER status_index_stays;
REVOKE UPDATE, DELETE, TRUNCATE ON credits_paper, credits_statusindex FROM guixue_app;
"""
UNDO = """
DROP TRIGGER paper_stays ON credits_paper;
DROP TRIGGER status_index_stays ON credits_statusindex;
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0041_share_guards"), ("institutions", "0001_ground_floor")]
    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pdf", models.FileField(storage=credits.certificates.storage.private_storage, upload_to="certificates")),
                ("pdf_sha256", models.CharField(max_length=64)),
                ("quorum_met", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=Now())),
                ("certificate", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="credits.certificate")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("quorum_met", False)), fields=["made_at"], name="paper_without_witnesses")],
                "constraints": [models.UniqueConstraint(fields=("certificate", "quorum_met"), name="one_paper_before_and_after_witnesses")],
            },
        ),
        migrations.CreateModel(
            name="StatusIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_number", models.PositiveIntegerField()),
                ("index", models.PositiveIntegerField()),
                ("certificate", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="status_index", to="credits.certificate")),
                ("issuer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution")),
            ],
            options={
                "verbose_name_plural": "status indexes",
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "list_number", "index"), name="one_certificate_per_status_index"),
                    models.CheckConstraint(condition=models.Q(("index__lt", 131072)), name="status_index_in_its_list"),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="certificate", name="one_issued_certificate_per_lot"),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(condition=models.Q(("status__in", ["issued", "suspended"])), fields=("lot_uuid",), name="one_issued_certificate_per_lot"),
        ),
        migrations.RunSQL(GUARDS, UNDO),
    ]
