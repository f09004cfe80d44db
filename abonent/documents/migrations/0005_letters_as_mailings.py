from django.db import migrations
from django.db.migrations.state import StateApps


def keep_letters(apps: StateApps, _editor: object) -> None:
    """The one letter that a request had becomes the first of several; one that waited for the staff says so."""
    requests, mailings = apps.get_model("documents", "DocumentRequest"), apps.get_model("documents", "Mailing")
    sent = requests.objects.filter(letter__isnull=False).order_by("pk").values_list("pk", "letter_id")
    mailings.objects.bulk_create(
        [mailings(request_id=request, letter_id=letter) for request, letter in sent.iterator()], batch_size=500
    )
    requests.objects.filter(regular_invoice_id__isnull=False, by="link").update(by="hand")


def give_letters_back(apps: StateApps, _editor: object) -> None:
    requests, mailings = apps.get_model("documents", "DocumentRequest"), apps.get_model("documents", "Mailing")
    for request, letter in mailings.objects.order_by("-pk").values_list("request_id", "letter_id").iterator():
        requests.objects.filter(pk=request).update(letter_id=letter)
    requests.objects.filter(by="hand").update(by="link")


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_mailings")]

    operations = [migrations.RunPython(keep_letters, give_letters_back)]
