"""Password hashing with a cost chosen for a small machine."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.passwords import LONGEST

# 64 MiB each: whoever comes third waits, so that a wave of sign-ins cannot fill the memory.
AT_ONCE = BoundedSemaphore(2)


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 64 MiB, two passes, one lane: about a quarter second of one core."""

    time_cost = 2
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """What is longer than any password of ours is wrong without being hashed."""
        if len(password) > LONGEST:
            return False
        with AT_ONCE:
            return super().verify(password, encoded)
