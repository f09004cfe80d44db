"""Password hashing at a cost chosen for this product: about 50 ms and 32 MB a try on one core."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2PasswordHasher(Argon2PasswordHasher):
    time_cost = 3
    memory_cost = 32 * 1024
    parallelism = 1
