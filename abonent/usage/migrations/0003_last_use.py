import duckdb
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from abonent.usage import store


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """From the records that were taken in before."""
    parts = apps.get_model("usage", "StoredPart").objects.filter(kind="records").values_list("path", flat=True)
    files = [str(store.root() / path) for path in parts]
    if not files:
        return
    last_use = apps.get_model("usage", "LastUse")
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 1}) as connection:
        rows = connection.execute(
            "SELECT subscriber, MAX(started) FROM read_parquet($files) GROUP BY subscriber", {"files": files}
        )
        while batch := rows.fetchmany(5_000):
            last_use.objects.bulk_create(last_use(subscriber_id=subscriber, at=at) for subscriber, at in batch)


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0002_field_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="LastUse",
            fields=[
                ("subscriber_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
