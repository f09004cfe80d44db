import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0005_several_addresses"),
        ("documents", "0003_subscriber_columns"),
        ("files", "0001_initial"),
        ("outbox", "0004_returned_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outbox.letter"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mailings",
                        to="documents.documentrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="documentrequest",
            name="document_mailed_somewhere",
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="collected_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="collected"),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="collected_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="taken by"),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="elsewhere",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="handed_over_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="given out by"),
        ),
        migrations.AlterField(
            model_name="documentrequest",
            name="by",
            field=models.CharField(
                choices=[("email", "By e-mail"), ("link", "By link"), ("hand", "Collected in person")],
                max_length=5,
                verbose_name="delivery",
            ),
        ),
        migrations.AlterField(
            model_name="documentrequest",
            name="email",
            field=models.CharField(blank=True, max_length=1000, verbose_name="e-mail addresses"),
        ),
        migrations.AddConstraint(
            model_name="documentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", "email"), _negated=True), models.Q(("email", ""), _negated=True), _connector="OR"
                ),
                name="document_mailed_somewhere",
            ),
        ),
    ]
