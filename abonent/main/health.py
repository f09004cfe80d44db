"""Whether this process lives, and whether the installation is ready to serve (for a balancer or a supervisor)."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from abonent.access.guard import public
from abonent.jobs import worker


@public
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"live": True})


@public
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers with every migration applied and a worker was heard of; else 503."""
    try:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        workers = worker.alive() if migrated else 0
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    answer = {"ready": migrated and workers > 0, "database": True, "migrated": migrated, "workers": workers}
    return JsonResponse(answer, status=200 if answer["ready"] else 503)
