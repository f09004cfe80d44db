from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_letters_as_mailings")]

    operations = [migrations.RemoveField(model_name="documentrequest", name="letter")]
