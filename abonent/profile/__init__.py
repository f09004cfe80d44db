from abonent.profile.model import Profile, current, read

__all__ = ["Profile", "current", "read"]
