from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from abonent.lib.search import search_key


def fill(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    Person = apps.get_model("access", "Person")
    for person in Person.objects.iterator():
        person.search_key = search_key(person.name)
        person.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("access", "0006_built_in_roles")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="search_key",
            field=models.CharField(db_index=True, default="", editable=False, max_length=400),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
