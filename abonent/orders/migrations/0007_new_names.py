import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_session_via"),
        ("orders", "0006_dates_and_retries"),
    ]

    operations = [
        migrations.CreateModel(
            name="NewNames",
            fields=[
                (
                    "seat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="new_names",
                        serialize=False,
                        to="access.seat",
                    ),
                ),
                ("names", models.JSONField(default=dict)),
            ],
        ),
    ]
