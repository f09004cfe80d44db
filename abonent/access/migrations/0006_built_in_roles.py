from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from abonent.access.rights import BuiltIn


def make_built_in(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Every client has them from the first day: showing the roles writes nothing."""
    for key in BuiltIn:
        apps.get_model("access", "Role").objects.get_or_create(key=key.value, client=None)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_own_role_names"),
    ]

    operations = [
        migrations.RunPython(make_built_in, migrations.RunPython.noop),
    ]
