class Refused(Exception):  # noqa: N818  # an answer, not a mishap
    """Why a backup or a restore does not go on, in words for the person who asked for it."""
