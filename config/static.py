"""Static files by hashed names once collected; by plain names before."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Before `collectstatic` ran (tests), a file keeps its own name instead of being an error."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        known: str | None = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        return known or name
