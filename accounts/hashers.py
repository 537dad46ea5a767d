"""Password hashing with a cost chosen for a small machine."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 64 MiB, two passes, one lane: about a quarter second of one core."""

    time_cost = 2
    memory_cost = 65_536
    parallelism = 1
