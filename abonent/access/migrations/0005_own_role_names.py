from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from abonent.lib.search import search_key


def name_apart(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Roles of one client that read alike are numbered: «Sales», «Sales (2)»."""
    taken: set[tuple[int | None, str]] = set()
    for role in apps.get_model("access", "Role").objects.exclude(client=None).order_by("pk"):
        bare, place = role.own_name or role.key, 1
        role.own_name = bare
        while (role.client_id, search_key(role.own_name)) in taken:
            place += 1
            role.own_name = f"{bare[:70]} ({place})"
        role.name_key = search_key(role.own_name)
        taken.add((role.client_id, role.name_key))
        role.save(update_fields=["own_name", "name_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_people_and_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="name_key",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="role",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.RunPython(name_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client__isnull", False)),
                fields=("client", "name_key"),
                name="role_name_once_a_client",
            ),
        ),
    ]
