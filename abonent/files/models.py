from io import BufferedReader

from django.db import models

from abonent.files.storage import storage
from abonent.lib import clock


class StoredFile(models.Model):
    """A content under a name. The content is found by `sha256`; several rows may name the same one."""

    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    name = models.CharField(max_length=255)
    mime = models.CharField(max_length=100)
    created = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name

    def open(self) -> BufferedReader:
        """Open the content for reading; raises `FileNotFoundError` where the storage has lost it."""
        return storage().open(self.sha256)

    def is_intact(self) -> bool:
        """Read the whole content and compare it with its hash."""
        return storage().is_intact(self.sha256)
