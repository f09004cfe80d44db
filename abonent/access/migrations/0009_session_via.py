from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_deleted_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="loginsession",
            name="via",
            field=models.BigIntegerField(editable=False, null=True),
        ),
    ]
